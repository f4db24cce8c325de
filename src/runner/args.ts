import type { ParamsSchema, StepDefinition, UpgradeIdentity } from '../steps/step.ts';
import { flagName, parseParams } from './params.ts';
import { UsageError } from './usage-error.ts';

/** What every `run` gets beside the step's own parameters. */
export interface StepArguments<P = Readonly<Record<string, unknown>>> {
  readonly identity: UpgradeIdentity;
  readonly deadlineSeconds: number;
  readonly params: P;
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const COMMON: Readonly<Record<string, { readonly pattern: RegExp; readonly expected: string }>> = {
  upgrade: { pattern: NAME, expected: "the spec's name" },
  'hooks-namespace': { pattern: NAME, expected: 'the namespace of the hooks' },
  plan: { pattern: /^[0-9a-f]{8}$/, expected: 'the plan digest, 8 hex digits' },
  'deadline-seconds': { pattern: /^[1-9][0-9]{0,6}$/, expected: 'a positive number of seconds' },
};

/** Reads `--key=value` flags. @throws UsageError with all problems at once */
export function parseArguments(definition: StepDefinition, flags: readonly string[]): StepArguments {
  const problems: string[] = [];
  const common: Record<string, string> = {};
  const own = new Map<string, string>();
  const known = new Set(Object.keys(definition.params.shape).map(flagName));
  for (const flag of flags) {
    const [, name, value] = /^--([a-z0-9-]+)=(.*)$/s.exec(flag) ?? [];
    if (name === undefined || value === undefined) problems.push(`${flag}: expected --key=value`);
    else if (Object.hasOwn(common, name) || own.has(name)) problems.push(`--${name}: given twice`);
    else if (Object.hasOwn(COMMON, name)) common[name] = value;
    else if (known.has(name)) own.set(name, value);
    else problems.push(`--${name}: unknown flag`);
  }
  for (const [name, { pattern, expected }] of Object.entries(COMMON)) {
    if (!pattern.test(common[name] ?? '')) problems.push(`--${name}: expected ${expected}, got ${common[name] ?? 'nothing'}`);
  }
  const { params, problems: wrong } = parseParams(definition.params, own);
  problems.push(...wrong);
  if (params === undefined || problems.length > 0) throw new UsageError(problems, usageOf(definition));
  const { upgrade = '', 'hooks-namespace': namespace = '', plan = '' } = common;
  return { identity: { upgrade, namespace, plan }, deadlineSeconds: Number(common['deadline-seconds']), params };
}

function usageOf({ name, params }: { readonly name: string; readonly params: ParamsSchema }): string {
  const own = Object.entries(params.shape).map(([key, type]) => (type.safeParse(undefined).success ? `[--${flagName(key)}=]` : `--${flagName(key)}=`));
  return ['usage: run', name, ...Object.keys(COMMON).map((flag) => `--${flag}=`), ...own].join(' ');
}
