import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { isSeq } from 'yaml';
import { canonicalJson } from '../plan/digest.ts';
import { placement } from '../plan/placement.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { identityOf } from './identity-of.ts';
import { ownLabels } from './labels.ts';
import { DEFAULT_RUNNER, mountsOf, podField, runnerContainer, volumesOf, type RunnerImage, type RunnerInputs, type StepUse } from './runner-container.ts';
import { RunnerAccess } from './runner-access.ts';
import { VendorObject } from './vendor-manifest.ts';

export interface InitGuardProps {
  /** @default that of the UpgradeChart around it */
  readonly identity?: UpgradeIdentity;
  /** @default the image of this release */
  readonly runner?: RunnerImage;
  /** The workload that is held, with a Pod template; the template gets the guard as first init container. */
  readonly workload: ApiObject;
  /** ServiceAccount of the workload's Pods: the guard runs as it, with the rights of its step added. @default what the Pod template names */
  readonly serviceAccount?: string;
  readonly step: StepUse;
  /** Then a step of the runner ends unsuccessfully and the kubelet starts it again. In seconds. @default 600 */
  readonly deadlineSeconds?: number;
  readonly why: string;
  /** Environment of the guard, and volumes that the Pod gets for it. @default none */
  readonly inputs?: RunnerInputs;
}

/**
 * An init container that holds a workload's Pods while they would do harm. It works where hooks are skipped: selective sync, rollback in the UI,
 * `--strategy apply`. `$(NODE_NAME)` in the step's parameters is the Pod's node.
 */
export class InitGuard extends Construct {
  /** @throws Error for a workload without a Pod template, and for one without a token when the step needs it */
  constructor(scope: Construct, id: string, props: InitGuardProps) {
    super(scope, id);
    const { workload, step, runner = DEFAULT_RUNNER, deadlineSeconds = 600, inputs = {} } = props;
    const identity = props.identity ?? identityOf(this);
    const rules = step.definition.access(step.params, identity);
    const pod = podSpecOf(workload, rules.length > 0);
    new RunnerAccess(this, 'Access', {
      name: `hookwave-${identity.upgrade}-${id}`,
      subject: { name: props.serviceAccount ?? pod.serviceAccountName ?? 'default', namespace: workload.metadata.namespace ?? 'default' },
      rules,
      labels: ownLabels(identity),
      placement: placement('upgrade', -1, 'tracked'),
      why: props.why,
      serves: id,
    });
    guards.set(workload, { ...step, why: props.why });
    const guard = runnerContainer({ runner, step, identity, deadlineSeconds, env: [podField('NODE_NAME', 'spec.nodeName'), ...(inputs.env ?? [])], ...(inputs.volumes ? { volumeMounts: mountsOf(inputs) } : {}) });
    addToPod(workload, { ...guard, name: `hookwave-${id}` }, volumesOf(inputs));
  }
}

const guards = new WeakMap<ApiObject, GuardUse>();

/** A guard's step, and why the workload has it. */
export type GuardUse = StepUse & { readonly why: string };

/** The guard of a workload, for `plan`. */
export function guardOf(workload: ApiObject): GuardUse | undefined {
  return guards.get(workload);
}

type Json = Readonly<Record<string, unknown>>;

interface PodSpec extends Json {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly initContainers?: readonly object[];
  readonly volumes?: readonly object[];
}

interface Workload extends Json {
  readonly spec: Json & { readonly template: Json & { readonly spec: PodSpec } };
}

function podSpecOf(workload: ApiObject, needsToken: boolean): PodSpec {
  const what = `${workload.kind} ${workload.name} at ${workload.node.path}`;
  const { spec } = (VendorObject.isVendorObject(workload) ? workload.read() : workload.toJson()) as { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
  const pod = spec?.template?.spec;
  if (!pod) throw new Error(`${what} has no Pod template, so no guard can hold it; name a Deployment, DaemonSet or StatefulSet`);
  if (needsToken && pod.automountServiceAccountToken === false) {
    throw new Error(`${what} gives its Pods no token, but the guard asks the Kubernetes API; set automountServiceAccountToken to true`);
  }
  return pod;
}

const POD = ['spec', 'template', 'spec'];

/** The guard comes first, its volumes last. */
function addToPod(workload: ApiObject, guard: object, volumes: readonly object[]): void {
  if (!VendorObject.isVendorObject(workload)) {
    addToJson(workload, JSON.parse(canonicalJson(guard)) as object, volumes);
    return;
  }
  workload.edit((document) => {
    const others = document.getIn([...POD, 'initContainers'], true);
    if (isSeq(others)) others.items.unshift(document.createNode(guard));
    else document.setIn([...POD, 'initContainers'], document.createNode([guard]));
    if (volumes.length === 0) return;
    const present = document.getIn([...POD, 'volumes'], true);
    if (isSeq(present)) for (const volume of volumes) present.add(document.createNode(volume));
    else document.setIn([...POD, 'volumes'], document.createNode(volumes));
  });
}

/** A JSON patch would do for plain objects, but generated classes such as those of cdk8s-plus lose parts of what is patched in (cdk8s issue 2172). */
function addToJson(workload: ApiObject, guard: object, volumes: readonly object[]): void {
  const toJson = workload.toJson.bind(workload) as () => Workload;
  workload.toJson = () => {
    const object = toJson();
    const { template } = object.spec;
    const pod = Object.entries({ ...template.spec, initContainers: [guard, ...(template.spec.initContainers ?? [])], ...(volumes.length > 0 ? { volumes: [...(template.spec.volumes ?? []), ...volumes] } : {}) });
    const sorted = Object.fromEntries(pod.sort(([a], [b]) => (a < b ? -1 : 1)));
    return { ...object, spec: { ...object.spec, template: { ...template, spec: sorted } } };
  };
}
