import type { z } from 'zod';
import type { ParamsSchema, StepDefinition, UpgradeIdentity } from '../steps/step.ts';

/** The image that runs steps. */
export interface RunnerImage {
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
}

/** A step with its parameters, as a recipe writes it. */
export interface StepUse {
  readonly definition: StepDefinition;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Checks the parameters against the step's own schema. @throws ZodError for a recipe that passes wrong ones. */
export function use<S extends ParamsSchema>(definition: StepDefinition<S>, params: z.input<S>): StepUse {
  return { definition: definition as unknown as StepDefinition, params: definition.params.parse(params) };
}

/** The user of the image; nothing in it belongs to it. */
export const RUNNER_UID = 65532;

export interface RunnerContainerProps {
  readonly runner: RunnerImage;
  readonly step: StepUse;
  readonly identity: UpgradeIdentity;
  /** The step's own deadline, in seconds. */
  readonly deadlineSeconds: number;
  /** More environment, such as the node's name. */
  readonly env?: readonly object[];
  /** Mounted files. */
  readonly volumeMounts?: readonly object[];
}

/** One step as a container: its arguments say in a Git diff what will run. */
export function runnerContainer({ runner, step, identity, deadlineSeconds, env = [], volumeMounts }: RunnerContainerProps): object {
  return {
    name: step.definition.name,
    image: runner.image,
    imagePullPolicy: runner.imagePullPolicy,
    args: [
      'run',
      step.definition.name,
      `--upgrade=${identity.upgrade}`,
      `--hooks-namespace=${identity.namespace}`,
      `--plan=${identity.plan}`,
      `--deadline-seconds=${deadlineSeconds}`,
      ...flags(step.params),
    ],
    env: [...POD_ENV, ...env],
    resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: RUNNER_UID, runAsGroup: RUNNER_UID },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...(volumeMounts ? { volumeMounts } : {}),
  };
}

const POD_ENV = [
  podField('POD_NAME', 'metadata.name'),
  podField('POD_NAMESPACE', 'metadata.namespace'),
  podField('POD_UID', 'metadata.uid'),
];

/** An environment variable from a field of the Pod. */
export function podField(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** `--stable-seconds=30`; lists are joined by commas; empty lists and undefined values are left out. */
export function flags(params: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(params)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `--${kebab(key)}=${Array.isArray(value) ? value.join(',') : String(value)}`);
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
