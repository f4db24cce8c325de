import type { Cluster } from '../kube/cluster.ts';
import { failingPods, type Failing } from '../kube/failing-pods.ts';
import { findRecords, type FoundRecord } from '../kube/find-records.ts';
import { isForbidden } from '../kube/errors.ts';
import { rolloutNow, type RolloutNow } from './rollout-now.ts';
import { connectFor } from './connect.ts';
import { CommandFailed, type Io } from './io.ts';
import { statusText } from './status-text.ts';
import { waitsFor } from './waits-for.ts';

export interface StatusOptions {
  /** @default all upgrades */
  readonly name?: string | undefined;
  /** @default all namespaces */
  readonly namespace?: string | undefined;
  /** @default text */
  readonly output?: 'text' | 'json';
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** How one upgrade stands; this is also the shape of `--output json`. */
export interface UpgradeStatus extends FoundRecord {
  /** What somebody has to do, in order; empty when nobody has to. */
  readonly waitsFor: readonly string[];
  readonly failing: readonly Failing[];
  /** Of an unfinished run; read from the cluster, not from the record. */
  readonly rollout?: RolloutNow;
}

/** `hookwave status`. @throws CommandFailed when the named upgrade has no run record */
export async function status(options: StatusOptions, io: Io): Promise<void> {
  return runStatus(options, io, await connectFor(options));
}

export async function runStatus({ name, namespace, output = 'text' }: StatusOptions, io: Io, cluster: Cluster): Promise<void> {
  const records = await findRecords(cluster, { name, namespace });
  if (records.length === 0 && name !== undefined) {
    throw new CommandFailed(`there is no run record of upgrade ${name}${namespace ? ` in namespace ${namespace}` : ''}; it is written by the first sync that changes something`);
  }
  const all = await Promise.all(records.map((record) => withLiveView(cluster, record)));
  if (output === 'json') io.out(`${JSON.stringify(all, null, 2)}\n`);
  else io.out(all.length === 0 ? 'no upgrades found\n' : `${all.map(statusText).join('\n\n')}\n`);
}

/** Somebody may be allowed to read records, but no Pods. */
async function withLiveView(cluster: Cluster, found: FoundRecord): Promise<UpgradeStatus> {
  const { record: { run }, upgrade, namespace } = found;
  const unseen = (what: string) => (error: unknown): readonly Failing[] => {
    if (!isForbidden(error)) throw error;
    return [{ object: what, reason: 'unknown', message: error.message }];
  };
  const [failing, rollout] = await Promise.all([
    failingPods(cluster, upgrade, namespace).catch(unseen(`hooks in ${namespace}`)),
    rolloutNow(cluster, run).catch(unseen(`DaemonSet ${run?.workload}`)),
  ]);
  if (isUnseen(rollout)) return { ...found, waitsFor: waitsFor(found), failing: [...failing, ...rollout] };
  return { ...found, waitsFor: waitsFor(found), failing, ...(rollout && { rollout }) };
}

function isUnseen(rollout: RolloutNow | readonly Failing[] | undefined): rollout is readonly Failing[] {
  return Array.isArray(rollout);
}
