import type { StepContext } from '../steps/step.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { isAlreadyExists, isConflict, isForbidden } from './errors.ts';
import { heldLease, holderOf, newLease, patienceMs, type Holder, type Lease } from './lease.ts';
import { LockHeld } from './lock.ts';
import { LEASES, PODS } from './resources.ts';

export type LeaseContext = Pick<StepContext, 'cluster' | 'identity' | 'clock' | 'signal' | 'report'>;

/** How long a live holder is waited for. */
const WAIT_MS = 60_000;
const POLL_MS = 1_000;

export interface Acquired {
  readonly lease: Lease;
  /** The Pod that the Lease was taken from. */
  readonly takenFrom?: string;
}

/**
 * Takes the Lease: at once when it is free, ours, or its holder's Pod is finished or gone; else when it has not been renewed for its duration while
 * this Pod looked on. Times in the Lease are not compared with the own clock: clocks of nodes differ (client-go, tools/leaderelection, does the same).
 * @throws LockHeld when a live holder keeps it for 60 seconds
 */
export async function acquireLease(context: LeaseContext, me: Holder): Promise<Acquired> {
  const { clock, signal, identity, report } = context;
  const end = clock.now() + WAIT_MS;
  const isUnchanged = watchOver(clock);
  for (let said = false; ; said = true) {
    signal.throwIfAborted();
    const { acquired, heldBy } = await tryAcquire(context, me, isUnchanged);
    if (acquired) return acquired;
    if (heldBy !== undefined) {
      if (clock.now() >= end) throw new LockHeld(`Lease ${identity.namespace}/hookwave-${identity.upgrade} is held by Pod ${heldBy}, which is at work; wait until it is finished, or delete it`);
      if (!said) report.event('lock-waits', `waits for Pod ${heldBy} to let the Lease go`, { holder: heldBy });
    }
    await clock.sleep(heldBy === undefined ? POLL_MS / 10 : POLL_MS, signal);
  }
}

/** Whether a Lease has stayed as it is for its whole duration, as far as this Pod has seen. */
function watchOver(clock: LeaseContext['clock']): (lease: Lease) => boolean {
  let seen = { version: '', at: 0 };
  return (lease) => {
    const { resourceVersion: version = '' } = lease.metadata;
    if (version !== seen.version) seen = { version, at: clock.now() };
    return clock.now() - seen.at > patienceMs(lease);
  };
}

/** Neither is set when another Pod was faster: look again. */
async function tryAcquire(context: LeaseContext, me: Holder, isUnchanged: (lease: Lease) => boolean): Promise<{ readonly acquired?: Acquired; readonly heldBy?: string }> {
  const { cluster, identity, clock } = context;
  const lease = await cluster.get<Lease>(LEASES, `hookwave-${identity.upgrade}`, identity.namespace);
  const holder = lease && holderOf(lease);
  const isOthers = holder !== undefined && holder.uid !== me.uid;
  if (lease && isOthers && !isUnchanged(lease) && (await isAlive(cluster, holder))) return { heldBy: holder.pod ?? holder.uid };
  try {
    const taken = lease ? await cluster.replace(LEASES, heldLease(lease, me, clock.now())) : await cluster.create(LEASES, newLease(identity, me, clock.now()));
    return { acquired: { lease: taken, ...(isOthers ? { takenFrom: holder.pod ?? holder.uid } : {}) } };
  } catch (error) {
    if (isConflict(error) || isAlreadyExists(error)) return {};
    throw error;
  }
}

interface Pod extends KubeObject {
  readonly status?: { readonly phase?: string };
}

/** A holder whose Pod can't be looked at counts as alive until its Lease expires. */
async function isAlive(cluster: Cluster, { uid, pod }: { readonly uid: string; readonly pod: string | undefined }): Promise<boolean> {
  const [namespace, name] = pod?.split('/') ?? [];
  if (!namespace || !name) return true;
  try {
    const found = await cluster.get<Pod>(PODS, name, namespace);
    return found?.metadata.uid === uid && found.status?.phase !== 'Succeeded' && found.status?.phase !== 'Failed';
  } catch (error) {
    if (isForbidden(error)) return true;
    throw error;
  }
}
