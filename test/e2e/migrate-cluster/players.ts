import { setTimeout as pause } from 'node:timers/promises';
import type { EtcdV2 } from '../../../src/etcd/v2.ts';
import type { EtcdV3 } from '../../../src/etcd/v3.ts';
import { nodePods } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { READY, STARTED } from '../../cluster/fake-nodes.ts';

const STATE = '/hookwave/calico-migration/state';
const CLUSTER_INFORMATION = '/calico/resources/v3/projectcalico.org/clusterinformations/default';

/** Plays calico-node on the fake nodes as the stand-in does on the real one: v3 starts after its guard and is ready after the completion. */
export interface Players {
  /** While true, no v3 Pod of a fake node passes its guard, so nothing can be completed. */
  hold: boolean;
  stop(): Promise<void>;
}

export function startPlayers(cluster: Cluster, v2: EtcdV2, v3: EtcdV3): Players {
  const stopped = new AbortController();
  const players: Players = {
    hold: false,
    async stop() {
      stopped.abort();
      await playing;
    },
  };
  const playing = play();
  return players;

  async function play(): Promise<void> {
    while (!stopped.signal.aborted) {
      await round().catch(() => undefined);
      await pause(700, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }

  async function round(): Promise<void> {
    const { phase, datastoreReady, v1Ready } = await datastoreState(v2, v3);
    const pods = (await nodePods(cluster)).filter(({ metadata, spec }) => spec.nodeName?.startsWith('fake-') && !metadata.deletionTimestamp);
    await Promise.all(
      pods.map(async ({ metadata, spec }) => {
        const isNew = imageOf(spec).includes(':v3.');
        const started = isNew ? (phase === 'migrated' || phase === 'complete') && !players.hold : true;
        const ready = isNew ? datastoreReady : v1Ready;
        const wanted = [...(started ? [STARTED] : []), ...(started && ready ? [READY] : [])].filter((name) => metadata.annotations?.[name] === undefined);
        if (wanted.length > 0) await cluster.kubectl(['annotate', 'pod', metadata.name, '-n', 'kube-system', ...wanted.map((name) => `${name}=true`)]);
      }),
    );
  }
}

export interface DatastoreState {
  readonly phase: string;
  readonly v1Ready: boolean;
  readonly datastoreReady: boolean;
  /** What ClusterInformation says. */
  readonly version: string | undefined;
}

export async function datastoreState(v2: EtcdV2, v3: EtcdV3): Promise<DatastoreState> {
  const [state, information, ready] = await Promise.all([v3.get(STATE), v3.get(CLUSTER_INFORMATION), v2.read('/calico/v1/Ready')]);
  const spec = information && JSON.parse(information.value).spec;
  return { phase: state ? JSON.parse(state.value).phase : 'none', v1Ready: ready?.value === 'true', datastoreReady: spec?.datastoreReady === true, version: spec?.calicoVersion };
}

function imageOf(spec: Json): string {
  return spec.containers.find(({ name }: Json) => name === 'calico-node').image;
}

/** `fake-1 v3.1.7 ready`, sorted by node. */
export async function nodesAndReleases(cluster: Cluster): Promise<readonly string[]> {
  const pods = await nodePods(cluster);
  return pods
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(({ spec, status }) => `${spec.nodeName} ${imageOf(spec).split(':')[1]} ${status.conditions?.some(({ type, status: value }: Json) => type === 'Ready' && value === 'True') ? 'ready' : 'not ready'}`)
    .toSorted();
}
