import type { Cluster } from '../kube/cluster.ts';
import { DAEMON_SETS, PODS } from '../kube/resources.ts';
import { beside } from '../kube/beside.ts';
import { openBell } from '../kube/bell.ts';
import { isOwnedBy } from './install.ts';
import { labelsOf, type DaemonSet, type Pod, type Workload } from './workloads.ts';

/** A DaemonSet and its Pods as last seen. */
export interface RolloutFeed {
  readonly daemonSet: DaemonSet | undefined;
  readonly pods: readonly Pod[];
  /** Whether both have been seen, or the DaemonSet has been found missing. */
  readonly ready: boolean;
  /** Resolves at the next change. Take it before looking, so that no change is missed. */
  changed(): Promise<void>;
}

/** Runs `work` on a feed that is kept up to date by watches. Rejects when a watch fails for good. */
export function withRolloutFeed<T>(cluster: Cluster, workload: Workload, signal: AbortSignal, work: (feed: RolloutFeed) => Promise<T>): Promise<T> {
  const feed = openFeed();
  return beside((until) => watchAll(feed, cluster, workload, until), signal, () => work(feed));
}

interface WritableFeed extends RolloutFeed {
  seeDaemonSet(daemonSet: DaemonSet | undefined): void;
  seePods(pods: readonly Pod[]): void;
}

function openFeed(): WritableFeed {
  let daemonSet: DaemonSet | undefined;
  let pods: readonly Pod[] = [];
  let ready = false;
  const bell = openBell();
  return {
    get daemonSet() {
      return daemonSet;
    },
    get pods() {
      return pods.filter((pod) => isOwnedBy(pod, daemonSet?.metadata.uid));
    },
    get ready() {
      return ready;
    },
    changed: bell.next,
    seeDaemonSet(seen) {
      daemonSet = seen;
      if (!seen) ready = true;
      bell.ring();
    },
    seePods(seen) {
      pods = seen;
      ready = true;
      bell.ring();
    },
  };
}

async function watchAll(feed: WritableFeed, cluster: Cluster, workload: Workload, signal: AbortSignal): Promise<void> {
  const first = await untilThere(feed, cluster, workload, signal);
  if (!first) return;
  await Promise.all([watchDaemonSet(feed, cluster, workload, signal), watchPods(feed, cluster, first, signal)]);
}

async function untilThere(feed: WritableFeed, cluster: Cluster, workload: Workload, signal: AbortSignal): Promise<DaemonSet | undefined> {
  for await (const [daemonSet] of observeDaemonSet(cluster, workload, signal)) {
    if (daemonSet) return daemonSet;
    feed.seeDaemonSet(undefined);
  }
  return undefined;
}

async function watchDaemonSet(feed: WritableFeed, cluster: Cluster, workload: Workload, signal: AbortSignal): Promise<void> {
  for await (const [daemonSet] of observeDaemonSet(cluster, workload, signal)) feed.seeDaemonSet(daemonSet);
}

async function watchPods(feed: WritableFeed, cluster: Cluster, daemonSet: DaemonSet, signal: AbortSignal): Promise<void> {
  const { namespace } = daemonSet.metadata;
  const selection = { ...(namespace !== undefined && { namespace }), labels: labelsOf(daemonSet.spec.selector) };
  for await (const pods of cluster.observe<Pod>(PODS, selection, signal)) feed.seePods(pods);
}

/** Selected by name, so that the right to watch can be limited to that name. */
function observeDaemonSet(cluster: Cluster, { namespace, daemonset }: Workload, signal: AbortSignal): AsyncIterable<readonly DaemonSet[]> {
  return cluster.observe<DaemonSet>(DAEMON_SETS, { namespace, fields: `metadata.name=${daemonset}` }, signal);
}
