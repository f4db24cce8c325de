import { beside } from '../../kube/beside.ts';
import { openBell } from '../../kube/bell.ts';
import { isOwnedBy } from '../../calico/install.ts';
import { labelsOf, type DaemonSet, type Pod } from '../../calico/workloads.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { isForbidden } from '../../kube/errors.ts';
import { DAEMON_SETS, PODS } from '../../kube/resources.ts';
import type { CompletionSettings } from './completion-settings.ts';

/** The DaemonSet and its Pods as last seen. */
export interface DaemonSetFeed {
  /** Whether both have been looked at. */
  readonly ready: boolean;
  readonly daemonSet: DaemonSet | undefined;
  /** Undefined when there is no right to read them. */
  readonly pods: readonly Pod[] | undefined;
  /** Resolves at the next change. Take it before looking. */
  changed(): Promise<void>;
}

/** Runs `work` beside watches. @param denied told once when Pods can't be read, with the API server's words */
export function withDaemonSetFeed<T>(cluster: Cluster, settings: CompletionSettings, { signal, denied }: { readonly signal: AbortSignal; readonly denied: (message: string) => void }, work: (feed: DaemonSetFeed) => Promise<T>): Promise<T> {
  const bell = openBell();
  const seen: { daemonSet?: DaemonSet | undefined; pods?: readonly Pod[] | undefined; looked: boolean; podsLooked: boolean } = { looked: false, podsLooked: false };
  const feed: DaemonSetFeed = {
    get ready() {
      return seen.looked && (seen.podsLooked || seen.daemonSet === undefined);
    },
    get daemonSet() {
      return seen.daemonSet;
    },
    get pods() {
      return seen.pods?.filter((pod) => isOwnedBy(pod, seen.daemonSet?.metadata.uid));
    },
    changed: bell.next,
  };
  const see = (more: Partial<typeof seen>): void => {
    Object.assign(seen, more);
    bell.ring();
  };
  const background = async (until: AbortSignal): Promise<void> => {
    const first = await untilThere(until);
    if (first) await Promise.all([watchDaemonSet(until), watchPods(first, until)]);
  };
  const untilThere = async (until: AbortSignal): Promise<DaemonSet | undefined> => {
    for await (const [daemonSet] of cluster.observe<DaemonSet>(DAEMON_SETS, selectionOf(settings), until)) {
      see({ daemonSet, looked: true });
      if (daemonSet) return daemonSet;
    }
    return undefined;
  };
  const watchDaemonSet = async (until: AbortSignal): Promise<void> => {
    for await (const [daemonSet] of cluster.observe<DaemonSet>(DAEMON_SETS, selectionOf(settings), until)) see({ daemonSet });
  };
  const watchPods = async (daemonSet: DaemonSet, until: AbortSignal): Promise<void> => {
    try {
      const selection = { namespace: settings.namespace, labels: labelsOf(daemonSet.spec.selector) };
      for await (const pods of cluster.observe<Pod>(PODS, selection, until)) see({ pods, podsLooked: true });
    } catch (error) {
      if (!isForbidden(error)) throw error;
      denied(error.message);
      see({ pods: undefined, podsLooked: true });
    }
  };
  return beside(background, signal, () => work(feed));
}

/** By name, so that the right to watch can be limited to that name. */
function selectionOf({ namespace, daemonset, selector }: CompletionSettings): { readonly namespace: string; readonly fields: string; readonly labels: string } {
  return { namespace, fields: `metadata.name=${daemonset}`, labels: selector };
}
