import type { z } from 'zod';
import { convertIpamBlock } from '../convert/ipam.ts';
import type { Outcome, V1Entry } from '../model.ts';
import { nodeName } from '../names.ts';
import type { NamesInUse } from '../names-in-use.ts';
import { v1Key, v1KeyText, v1Path, type V1Key, type V1KeyOf } from '../v1/keys.ts';
import { parseValue } from '../v1/parse-value.ts';
import { ipamAffinity, ipamBlock, ipamConfig, ipamHandle } from '../v1/values.ts';
import { conversionError, isKeyed, keyed, type PartConverter } from './part.ts';

export const convertIpamBlocks: PartConverter = (entries, _read, { names }) =>
  convertEach(entries, names, { is: 'ipam block', schema: ipamBlock, path: v1Path, convert: convertIpamBlock });

/** The host in the key is normalised. Before 3.0.7 affinities were empty strings. */
export const convertIpamAffinities: PartConverter = (entries, _read, { names }) =>
  convertEach(entries, names, {
    is: 'ipam affinity',
    schema: ipamAffinity,
    path: (key) => v1Path({ ...key, host: nodeName(key.host) }),
    convert: ({ state, deleted }) => ({ state, deleted }),
    empty: '{}',
  });

export const convertIpamHandles: PartConverter = (entries, _read, { names }) =>
  convertEach(entries, names, { is: 'ipam handle', schema: ipamHandle, path: v1Path, convert: ({ block, deleted }) => ({ block: block ?? null, deleted }) });

/** Upstream's migration forgets these settings, and with them strict affinity. */
export const convertIpamConfig: PartConverter = (entries, _read, { names }) =>
  convertEach(entries, names, {
    is: 'ipam config',
    schema: ipamConfig,
    path: v1Path,
    convert: (config) => ({ ...(config.strict_affinity && { strict_affinity: true }), ...(config.auto_allocate_blocks && { auto_allocate_blocks: true }) }),
  });

interface Each<Is extends V1Key['is'], T> {
  readonly is: Is;
  readonly schema: z.ZodType<T>;
  readonly path: (key: V1KeyOf<Is>) => string;
  readonly convert: (value: T) => object;
  /** What an empty value stands for. */
  readonly empty?: string;
}

/** IPAM data are no API objects: their key is a path, and v3 does not validate them. */
function* convertEach<Is extends V1Key['is'], T>(entries: readonly V1Entry[], names: NamesInUse, each: Each<Is, T>): Generator<Outcome> {
  for (const entry of entries) {
    const one = keyed(entry);
    if (!isKeyed(one)) yield one;
    else if (one.key.is === each.is) yield convertOne(one.key as V1KeyOf<Is>, one.value, names, each);
  }
}

function convertOne<Is extends V1Key['is'], T>(key: V1KeyOf<Is>, json: string, names: NamesInUse, { schema, path, convert, empty }: Each<Is, T>): Outcome {
  const v1 = v1KeyText(key);
  const parsed = parseValue(schema, json === '' && empty !== undefined ? empty : json);
  if ('problem' in parsed) return conversionError(key, parsed.problem);
  const target = path(key);
  const v3 = v1KeyText(v1Key(target) ?? key);
  const other = key.is === 'ipam affinity' ? names.claim(key.is, target, v1) : undefined;
  if (other !== undefined) return { is: 'clash', v1, other, v3 };
  return { is: 'converted', object: { is: 'ipam', path: target, value: convert(parsed.value) }, v1, v3, named: false };
}
