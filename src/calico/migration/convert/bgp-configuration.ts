import { convertLogLevel } from '../felix/values.ts';
import type { Outcome, V3Resource } from '../model.ts';
import { parseValue } from '../v1/parse-value.ts';
import { v1KeyText } from '../v1/keys.ts';
import { parseAsNumber } from '../v1/scalars.ts';
import { nodeMesh } from '../v1/values.ts';
import { v3Resource } from './resource.ts';

export interface BgpConversion {
  /** `undefined` when nothing was set. */
  readonly resource: V3Resource | undefined;
  readonly outcomes: readonly Outcome[];
}

/** The three global settings of BGP, by their names in etcd. */
export function convertBgpConfiguration(settings: ReadonlyMap<string, string>): BgpConversion {
  const spec: Record<string, unknown> = {};
  const outcomes: Outcome[] = [];
  for (const { v1, v3, convert } of SETTINGS) {
    const raw = settings.get(v1) ?? '';
    if (raw === '') continue;
    const result = convert(raw);
    if ('problem' in result) outcomes.push({ is: 'conversion error', v1: v1KeyText({ is: 'bgp config', name: v1 }), cause: result.problem });
    else spec[v3] = result.value;
  }
  const isSet = Object.keys(spec).length > 0;
  return { resource: isSet ? v3Resource('BGPConfiguration', { name: 'default' }, spec) : undefined, outcomes };
}

type Result = { readonly value: unknown } | { readonly problem: string };

const SETTINGS: readonly { readonly v1: string; readonly v3: string; readonly convert: (raw: string) => Result }[] = [
  { v1: 'loglevel', v3: 'logSeverityScreen', convert: (raw) => ({ value: convertLogLevel(raw) }) },
  { v1: 'node_mesh', v3: 'nodeToNodeMeshEnabled', convert: convertMesh },
  { v1: 'as_num', v3: 'asNumber', convert: convertAsNumber },
];

export const BGP_SETTINGS: readonly string[] = SETTINGS.map(({ v1 }) => v1);

function convertMesh(raw: string): Result {
  const parsed = parseValue(nodeMesh, raw);
  return 'problem' in parsed ? parsed : { value: parsed.value.enabled };
}

function convertAsNumber(raw: string): Result {
  const value = parseAsNumber(raw);
  return value === undefined ? { problem: `default ASNumber is not valid: ${raw}` } : { value };
}
