import type { UpgradeIdentity } from '../../steps/step.ts';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly args?: readonly string[];
}

interface PodSpec {
  readonly initContainers?: readonly Container[];
  readonly containers?: readonly Container[];
}

/** As much of a manifest as values reach. */
export interface Manifest {
  readonly kind: string;
  readonly spec?: PodSpec & { readonly activeDeadlineSeconds?: number; readonly template?: { readonly spec?: PodSpec } };
}

/** A container of the runner, and where it stands in its manifest. */
export interface RunnerContainer extends Container {
  readonly args: readonly string[];
  readonly path: readonly (string | number)[];
}

/** The containers of an object that run steps of this upgrade, guards in the vendor's workloads included. */
export function runnerContainers({ kind, spec }: Manifest, { upgrade, plan }: UpgradeIdentity): readonly RunnerContainer[] {
  const pod = kind === 'Pod' ? spec : spec?.template?.spec;
  const at = kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'];
  return LISTS.flatMap((list) =>
    (pod?.[list] ?? []).flatMap((container, index) => {
      const { args = [] } = container;
      const isRunner = GUARDS.includes(args[0] ?? '') || (args[0] === 'run' && args.includes(`--upgrade=${upgrade}`) && args.includes(`--plan=${plan}`));
      return isRunner ? [{ ...container, args, path: [...at, list, index] }] : [];
    }),
  );
}

/** Commands of the runner that know no plan: a workload's template must not change with it. */
const GUARDS = ['node-init', 'controller-init'];

const LISTS = ['initContainers', 'containers'] as const;

/** The number of a flag such as `--rollout-seconds=3600`; `undefined` when the container has none. */
export function flagNumber({ args = [] }: { readonly args?: readonly string[] }, flag: string): number | undefined {
  const found = args.find((arg) => arg.startsWith(`--${flag}=`));
  return found === undefined ? undefined : Number(found.slice(flag.length + 3));
}
