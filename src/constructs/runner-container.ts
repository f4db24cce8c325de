import type { z } from 'zod';
import type { ParamsSchema, StepDefinition, UpgradeIdentity } from '../steps/step.ts';
import { RUNNER_IMAGE } from '../version.ts';
import type { OwnContainer } from './own-container.ts';

/** The image that runs steps. */
export interface RunnerImage {
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
}

/** The image of this release. */
export const DEFAULT_RUNNER: RunnerImage = { image: RUNNER_IMAGE, imagePullPolicy: 'IfNotPresent' };

/** A step with its parameters, as a recipe writes it. */
export interface StepUse {
  readonly definition: StepDefinition;
  readonly params: Readonly<Record<string, unknown>>;
  /** A program that is no step of the runner. */
  readonly container?: OwnContainer;
}

/** Checks the parameters against the step's own schema. @throws ZodError for a recipe that passes wrong ones. */
export function use<S extends ParamsSchema>(definition: StepDefinition<S>, params: z.input<S>): StepUse {
  return { definition: definition as unknown as StepDefinition, params: definition.params.parse(params) };
}

/** What containers get beside their arguments: settings of the workload and secrets, which do not belong into arguments. */
export interface RunnerInputs {
  /** Environment variables as Kubernetes writes them. @default none */
  readonly env?: readonly object[];
  /** Volumes of the Pod that every such container mounts, read-only. @default none */
  readonly volumes?: readonly InputVolume[];
  /** Kubernetes resource requirements of steps. @default requests of 10m CPU and 64Mi memory, a limit of 256Mi memory */
  readonly resources?: object;
}

export interface InputVolume {
  readonly name: string;
  readonly mountPath: string;
  /** As Kubernetes writes it, such as `{ secret: { secretName } }`. */
  readonly source: object;
}

/** The mounts of a container for its inputs. */
export function mountsOf({ volumes = [] }: RunnerInputs): readonly object[] {
  return volumes.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true }));
}

/** The volumes of a Pod for the inputs of its containers. */
export function volumesOf({ volumes = [] }: RunnerInputs): readonly object[] {
  return volumes.map(({ name, source }) => ({ name, ...source }));
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
  /** Of a step. @default requests of 10m CPU and 64Mi memory, a limit of 256Mi memory */
  readonly resources?: object;
}

type Program = Omit<OwnContainer, 'name' | 'summary' | 'access'>;

/** One step as a container: its arguments say in a Git diff what will run. */
export function runnerContainer({ runner, step, identity, deadlineSeconds, env = [], volumeMounts, resources = STEP_RESOURCES }: RunnerContainerProps): object {
  const { imagePullPolicy = 'IfNotPresent', securityContext, ...program }: Program = step.container ?? { ...runner, args: runnerArguments(step, identity, deadlineSeconds) };
  return {
    name: step.definition.name,
    image: program.image,
    imagePullPolicy,
    ...(program.command ? { command: program.command } : {}),
    ...(program.args ? { args: program.args } : {}),
    env: [...POD_ENV, ...env, ...Object.entries(program.env ?? {}).map(([name, value]) => ({ name, value }))],
    resources: program.resources ?? (step.container ? { requests: REQUESTS } : resources),
    securityContext: { ...SECURITY_CONTEXT, ...securityContext },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...(volumeMounts ? { volumeMounts } : {}),
  };
}

function runnerArguments({ definition, params }: StepUse, { upgrade, namespace, plan }: UpgradeIdentity, deadlineSeconds: number): readonly string[] {
  return ['run', definition.name, `--upgrade=${upgrade}`, `--hooks-namespace=${namespace}`, `--plan=${plan}`, `--deadline-seconds=${deadlineSeconds}`, ...flags(params)];
}

/** What a step runs with, for `plan`: flags, or the command line of a program of its own. */
export function argumentsOf({ params, container }: StepUse): readonly string[] {
  return container ? [container.image, ...(container.command ?? []), ...(container.args ?? [])] : flags(params);
}

const REQUESTS = { cpu: '10m', memory: '64Mi' };
const STEP_RESOURCES = { requests: REQUESTS, limits: { memory: '256Mi' } };
const SECURITY_CONTEXT = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: RUNNER_UID, runAsGroup: RUNNER_UID };

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
