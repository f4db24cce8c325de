import { isFinished, isObserved } from '../../calico/rollout.ts';
import type { Container, DaemonSet, Pod } from '../../calico/workloads.ts';
import { isRunning } from '../../calico/why-not-started.ts';
import type { CompletionSettings } from './completion-settings.ts';

/**
 * `rolled`: every node has its new Pod, and calico-node runs in it. `rolling`: not yet. `unsettled`: only an apply, or somebody, can change it.
 * `impossible`: waiting does not help.
 */
export type CompletionVerdict = { readonly is: 'rolled' } | { readonly is: 'rolling' | 'unsettled' | 'impossible'; readonly why: string };

/**
 * Whether the new DaemonSet is out, by what users of upstream's Job tell it: an image and a JSONPath instead of a release and a container. It does not ask for readiness: calico-node is not ready before the completion that waits for this.
 * @param pods of this DaemonSet; undefined when nobody may read them
 */
export function completionVerdict(daemonSet: DaemonSet | undefined, pods: readonly Pod[] | undefined, settings: CompletionSettings): CompletionVerdict {
  const name = `DaemonSet ${settings.namespace}/${settings.daemonset}`;
  if (!daemonSet) return { is: 'unsettled', why: `${name} does not exist with labels ${settings.selector}; apply it, or correct DS_NAME, DS_SELECTOR or NAMESPACE` };
  const image = judgeImage(daemonSet, name, settings);
  if (typeof image !== 'string') return image;
  if (!isObserved(daemonSet)) return { is: 'rolling', why: `${name} has changed and its controller has not seen it yet` };
  const { desiredNumberScheduled: desired = 0, updatedNumberScheduled: updated = 0, numberUnavailable: unavailable = 0 } = daemonSet.status ?? {};
  if (desired === 0) return { is: 'unsettled', why: `no node wants a Pod of ${name}; correct its node selector` };
  const { type, rollingUpdate } = daemonSet.spec.updateStrategy ?? {};
  if (updated < desired && type === 'OnDelete') {
    return { is: 'impossible', why: `${name} has the update strategy OnDelete, which replaces no Pod (${updated} of ${desired} are new); set RollingUpdate with maxUnavailable 100%, or delete its old Pods, then run this Job again` };
  }
  if (updated < desired) return { is: 'rolling', why: `${updated} of ${desired} Pods of ${name} are updated${stopHint(rollingUpdate, unavailable)}` };
  if (pods === undefined) return { is: 'rolled' };
  return judgePods(pods, { desired, name, image, container: containerWith(daemonSet, image) });
}

/** The image, if it is the expected one. */
function judgeImage(daemonSet: DaemonSet, name: string, { images, expected }: CompletionSettings): string | CompletionVerdict {
  const found = images({ items: [daemonSet] }).filter((image) => typeof image === 'string');
  const [image, ...more] = found;
  if (image === undefined) return { is: 'unsettled', why: `${name} has no container that DS_IMAGE_SELECTOR selects (by default one called calico-node)` };
  if (more.length > 0) return { is: 'impossible', why: `DS_IMAGE_SELECTOR selects ${found.length} images of ${name}: ${found.join(', ')}; let it select one` };
  try {
    return expected.matches(image) ? image : { is: 'unsettled', why: `${name} has image ${image}, not ${expected.text}; apply the new DaemonSet, or correct EXPECTED_NODE_IMAGE. After a rollback delete this Job` };
  } catch (error) {
    return { is: 'impossible', why: `${name}: ${error instanceof Error ? error.message : String(error)}; correct the DaemonSet` };
  }
}

/** A rollout that lets few Pods be unavailable stops, because new ones are not ready before completion. */
function stopHint(rollingUpdate: unknown, unavailable: number): string {
  const { maxUnavailable = 1 } = (rollingUpdate ?? {}) as { readonly maxUnavailable?: number | string };
  const limited = maxUnavailable !== '100%' && !(typeof maxUnavailable === 'number' && maxUnavailable > unavailable);
  return limited && unavailable > 0 ? `; ${unavailable} are unavailable and it allows ${maxUnavailable}: set maxUnavailable to 100% for this rollout, new Pods are not ready before the completion` : '';
}

interface NewPods {
  readonly desired: number;
  readonly name: string;
  readonly image: string;
  readonly container: string;
}

function judgePods(pods: readonly Pod[], { desired, name, image, container }: NewPods): CompletionVerdict {
  const alive = pods.filter((pod) => !isFinished(pod) && pod.metadata.deletionTimestamp === undefined);
  const fresh = alive.filter((pod) => pod.spec.containers.some((one) => one.name === container && one.image === image));
  const waiting = fresh.find((pod) => !hasStarted(pod, container));
  if (waiting) return { is: 'rolling', why: `Pod ${waiting.metadata.name}: ${describeStart(waiting, container)}` };
  if (fresh.length < desired) return { is: 'rolling', why: `${fresh.length} of ${desired} Pods of ${name} have started with ${image}` };
  return { is: 'rolled' };
}

function containerWith(daemonSet: DaemonSet, image: string): string {
  const { containers } = daemonSet.spec.template.spec;
  const found: Container | undefined = containers.find((one) => one.name === 'calico-node' && one.image === image) ?? containers.find((one) => one.image === image);
  return found?.name ?? 'calico-node';
}

/** Init containers are finished and the container runs; ready or not. */
function hasStarted(pod: Pod, container: string): boolean {
  const initialized = pod.status?.conditions?.some((one) => one.type === 'Initialized' && one.status === 'True') ?? false;
  return initialized && isRunning(pod, container);
}

function describeStart({ status }: Pod, container: string): string {
  if (status?.initContainerStatuses === undefined && status?.containerStatuses === undefined) return `has not started (${status?.phase ?? 'Pending'})`;
  const init = status?.initContainerStatuses?.find((one) => one.state?.terminated?.exitCode !== 0);
  const own = init ?? status?.containerStatuses?.find((one) => one.name === container);
  const state = own?.state?.waiting?.reason ?? (own?.state?.running ? 'runs' : own?.state?.terminated ? `ended with ${own.state.terminated.exitCode}` : 'has not started');
  return `${init ? 'init container' : 'container'} ${own?.name ?? container} ${state}`;
}
