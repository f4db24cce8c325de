import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { digest } from '../plan/digest.ts';
import type { Mode, Phase } from '../plan/phases.ts';
import { placement } from '../plan/placement.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { identityOf } from './identity-of.ts';
import { ONCE_LABEL, ownLabels, PHASE_LABEL, PLAN_LABEL } from './labels.ts';
import { place } from './placed.ts';
import { RunnerAccess } from './runner-access.ts';
import { DEFAULT_RUNNER, mountsOf, podField, RUNNER_UID, runnerContainer, volumesOf, type RunnerImage, type RunnerInputs, type StepUse } from './runner-container.ts';

/** Longest job id: it becomes part of object names. */
const MAX_JOB_ID_LENGTH = 12;

/** Seconds that a Job lives longer than its steps may take: image pulls, container starts, last words. */
const GRACE_SECONDS = 120;

/** Runner exit codes that no retry can mend: precondition, closed gate, failed, usage. */
export const FINAL_EXIT_CODES: readonly number[] = [10, 11, 30, 64];

export interface HookJobProps {
  /** @default that of the UpgradeChart around it */
  readonly identity?: UpgradeIdentity;
  /** @default the image of this release */
  readonly runner?: RunnerImage;
  readonly phase: Phase;
  /** Order inside the phase. @default 0 */
  readonly wave?: number;
  /** @default hook */
  readonly mode?: Mode;
  /** What the Job is for, in one sentence. */
  readonly why: string;
  /** Run one after the other, each in a container of its own; all but the last are init containers. */
  readonly steps: readonly StepUse[];
  /** For all steps together, in seconds. */
  readonly deadlineSeconds: number;
  /** How often Kubernetes repeats the Job after a transient failure. @default 3 */
  readonly backoffLimit?: number;
  /** Files mounted read-only at `/etc/hookwave` in every container. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /** Environment and volumes of every container, from the namespace of the hooks. Secrets become readable for the runner's group (`fsGroup`). @default none */
  readonly inputs?: RunnerInputs;
  /**
   * The workload does not get ready before the Job has done its work. A sequencer that may wait for the workload before it runs hooks makes the Job part of
   * what it applies with the workload. Only for hooks of phase `verify`. @default false
   */
  readonly besideWorkload?: boolean;
  /**
   * The upgrade is as safe without the Job: a sequencer that has no place for its phase may leave it out. Helm has none for `rescue`, and refuses a Job there
   * that is not optional. @default false
   */
  readonly optional?: boolean;
}

/**
 * One Job in one place of the upgrade that runs one or more steps, with an account of its own that may do just what its steps declare.
 * Its Pod stands on the host network and tolerates every taint, because Pod networking may be down when it is needed most.
 */
export class HookJob extends Construct {
  /** With the defaults filled in. */
  readonly props: HookJobProps & Required<Pick<HookJobProps, 'identity' | 'runner'>>;
  /** `hookwave-<upgrade>-<id>`: name of the account, its rights and the files. */
  readonly baseName: string;
  #jobName: string;

  constructor(scope: Construct, id: string, props: HookJobProps) {
    super(scope, id);
    if (id.length > MAX_JOB_ID_LENGTH) throw new Error(`job id ${id} has ${id.length} characters; at most ${MAX_JOB_ID_LENGTH} fit into object names`);
    this.props = { ...props, identity: props.identity ?? identityOf(this), runner: props.runner ?? DEFAULT_RUNNER };
    refuseSameNames(this.node.path, props.steps);
    this.baseName = `hookwave-${this.props.identity.upgrade}-${id}`;
    this.#jobName = this.#build(this.props, props.mode === 'tracked');
  }

  /** The base name, and for a tracked Job a digest of what it runs. */
  get jobName(): string {
    return this.#jobName;
  }

  /** The Job as hook of a sequencer that creates tracked objects itself: a fixed name whatever its mode, and no step that creates them ahead. */
  rebuildAsHook(): void {
    for (const { node } of this.node.children) this.node.tryRemoveChild(node.id);
    const steps = this.props.steps.filter(({ definition }) => !definition.ahead);
    const { files: _files, ...props } = this.props;
    if (steps.length > 0) this.#jobName = this.#build({ ...props, steps, ...filesFor(steps, this.props) }, false);
  }

  /** The Job as an object of the release, for a sequencer that waits for the workload first: tracked, with the digest of what it runs in its name. */
  rebuildInRelease(): void {
    for (const { node } of this.node.children) this.node.tryRemoveChild(node.id);
    this.#jobName = this.#build({ ...this.props, phase: 'upgrade', mode: 'tracked', wave: 0 }, true);
  }

  #build(props: HookJob['props'], once: boolean): string {
    const { identity, phase, wave = 0, mode = 'hook', why, optional = false } = props;
    const { id } = this.node;
    const name = this.baseName;
    const labels = { ...ownLabels(identity), [PHASE_LABEL]: phase };
    const before = placement(phase, wave - 1, mode);

    const account = new ApiObject(this, 'Account', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: identity.namespace, labels },
      automountServiceAccountToken: false,
    });
    place(account, { placement: before, why: `identity of job ${id}`, serves: id, optional });
    new RunnerAccess(this, 'Access', {
      name,
      subject: { name, namespace: identity.namespace },
      rules: props.steps.flatMap(({ definition, params }) => definition.access(params, identity)),
      labels,
      placement: before,
      why: `what the steps of job ${id} may do`,
      serves: id,
      optional,
    });
    if (props.files) {
      const files = new ApiObject(this, 'Files', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: identity.namespace, labels }, data: props.files });
      place(files, { placement: before, why: `what the steps of job ${id} read`, serves: id, optional });
    }

    const template = podTemplate(name, labels, props);
    const jobName = once ? `${name}-${digest([identity.plan, template])}` : name;
    const job = new ApiObject(this, 'Job', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: jobName,
        namespace: identity.namespace,
        labels: { ...labels, [PLAN_LABEL]: identity.plan, ...(once ? { [ONCE_LABEL]: 'true' } : {}) },
      },
      spec: {
        activeDeadlineSeconds: props.deadlineSeconds + GRACE_SECONDS,
        backoffLimit: props.backoffLimit ?? 3,
        podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: FINAL_EXIT_CODES } }] },
        template,
      },
    });
    place(job, { placement: placement(phase, wave, mode), why, optional });
    jobSteps.set(job, props.steps);
    return jobName;
  }
}

/** Steps are containers of one Pod, told apart by name. */
function refuseSameNames(path: string, steps: readonly StepUse[]): void {
  if (steps.length === 0) throw new Error(`${path} has no steps; a Job runs at least one`);
  const names = steps.map(({ definition }) => definition.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${path} runs step ${twice} twice; put it into two jobs, or give a container another name`);
}

const FILES_FOLDER = '/etc/hookwave';

/** Files without those that only steps name which are left out. */
function filesFor(steps: readonly StepUse[], { files, steps: all }: HookJobProps): Pick<HookJobProps, 'files'> {
  const names = (some: readonly StepUse[], file: string): boolean => some.some(({ params }) => Object.values(params).includes(`${FILES_FOLDER}/${file}`));
  const kept = Object.entries(files ?? {}).filter(([file]) => names(steps, file) || !names(all, file));
  return kept.length > 0 ? { files: Object.fromEntries(kept) } : {};
}

const jobSteps = new WeakMap<ApiObject, readonly StepUse[]>();

/** The steps that a Job runs, for `plan`; empty for any other object. */
export function stepsOf(job: ApiObject): readonly StepUse[] {
  return jobSteps.get(job) ?? [];
}

function podTemplate(serviceAccountName: string, labels: Record<string, string>, props: HookJob['props']): object {
  const { identity, runner, steps, deadlineSeconds, files, inputs = {} } = props;
  const mounts = [...(files ? [{ name: 'files', mountPath: FILES_FOLDER, readOnly: true }] : []), ...mountsOf(inputs)];
  const volumes = [...(files ? [{ name: 'files', configMap: { name: serviceAccountName } }] : []), ...volumesOf(inputs)];
  const env = [podField('JOB_NAME', "metadata.labels['batch.kubernetes.io/job-name']"), ...(inputs.env ?? [])];
  const containers = steps.map((step) =>
    runnerContainer({ runner, step, identity, deadlineSeconds, env, ...(inputs.resources ? { resources: inputs.resources } : {}), ...(mounts.length > 0 ? { volumeMounts: mounts } : {}) }),
  );
  return {
    metadata: { labels },
    spec: {
      restartPolicy: 'Never',
      serviceAccountName,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      hostNetwork: true,
      dnsPolicy: 'Default',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ operator: 'Exists' }],
      terminationGracePeriodSeconds: 30,
      securityContext: { runAsNonRoot: true, runAsUser: RUNNER_UID, runAsGroup: RUNNER_UID, ...(inputs.volumes ? { fsGroup: RUNNER_UID } : {}), seccompProfile: { type: 'RuntimeDefault' } },
      ...(containers.length > 1 ? { initContainers: containers.slice(0, -1) } : {}),
      containers: containers.slice(-1),
      ...(volumes.length > 0 ? { volumes } : {}),
    },
  };
}
