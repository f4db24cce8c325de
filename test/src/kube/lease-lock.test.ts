import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/kube/cluster.ts';
import { ApiError, ApiUnavailable } from '../../../src/kube/errors.ts';
import type { Lease } from '../../../src/kube/lease.ts';
import { leaseLock } from '../../../src/kube/lease-lock.ts';
import { LockHeld } from '../../../src/kube/lock.ts';
import { fakeCluster, type FakeCluster } from '../../fake-cluster.ts';
import { collectingReporter, manualClock, memoryRecord, turn, type ManualClock } from '../../fake-context.ts';

const NAMESPACE = 'hookwave-calico';
const identity = { upgrade: 'calico', namespace: NAMESPACE, plan: 'aaaaaaaa' };

function pod(name: string, phase: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: NAMESPACE, uid: `uid-of-${name}` }, status: { phase } } as KubeObject;
}

function contender(cluster: FakeCluster, clock: ManualClock, name: string) {
  const stop = new AbortController();
  const record = memoryRecord();
  const report = collectingReporter();
  const lock = leaseLock({ cluster, clock, identity, record, report, signal: stop.signal, holder: { uid: `uid-of-${name}`, pod: `${NAMESPACE}/${name}` } });
  return { lock, record, report, stop };
}

/** Holds the Lease until `finish`. */
function holding(one: ReturnType<typeof contender>) {
  let finish: (() => void) | undefined;
  let lost: AbortSignal | undefined;
  const done = one.lock.hold(async (signal) => {
    lost = signal;
    await new Promise<void>((resolve) => {
      finish = resolve;
      signal.addEventListener('abort', () => resolve());
    });
    signal.throwIfAborted();
  });
  return { done, finish: () => finish?.(), lost: () => lost };
}

/** A Lease in the hands of a Pod that never lets go, and another contender. */
async function heldBy(name: string, phase: string | undefined) {
  const cluster = fakeCluster(phase === undefined ? [] : [pod(name, phase)]);
  const clock = manualClock();
  const killed = contender(cluster, clock, name);
  void killed.lock.hold(() => new Promise(() => undefined));
  await turn();
  return { cluster, clock, second: contender(cluster, clock, 'b') };
}

const lease = (cluster: FakeCluster): Lease => cluster.find<Lease>('Lease', 'hookwave-calico', NAMESPACE);

test('the Lease is made, held by the Pod, and released after the work', async () => {
  const cluster = fakeCluster();
  const one = contender(cluster, manualClock(), 'a');
  const during = await one.lock.hold(async () => lease(cluster));
  expect(during.spec).toMatchObject({ holderIdentity: 'uid-of-a', leaseDurationSeconds: 30, renewTime: '2026-01-01T00:00:00.000000Z' });
  expect(during.metadata).toMatchObject({ annotations: { 'hookwave.dev/pod': `${NAMESPACE}/a` }, labels: { 'hookwave.dev/upgrade': 'calico' } });
  expect(lease(cluster).spec?.holderIdentity).toBe('');
  expect(one.record.record.takeOvers).toBe(0);
});

test('it is released when the work fails, too', async () => {
  const cluster = fakeCluster();
  await expect(contender(cluster, manualClock(), 'a').lock.hold(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(lease(cluster).spec?.holderIdentity).toBe('');
});

test('holds inside a hold share the Lease until the last has ended', async () => {
  const cluster = fakeCluster();
  const { lock } = contender(cluster, manualClock(), 'a');
  const inner = await lock.hold(async () => {
    await lock.hold(async () => undefined);
    return lease(cluster).spec?.holderIdentity;
  });
  expect(inner).toBe('uid-of-a');
  expect(cluster.writes.map(({ verb }) => verb)).toEqual(['create', 'replace']);
});

test('it is renewed every 10 seconds', async () => {
  const cluster = fakeCluster();
  const clock = manualClock();
  const held = holding(contender(cluster, clock, 'a'));
  await clock.advance(25_000);
  expect(lease(cluster).spec?.renewTime).toBe('2026-01-01T00:00:20.000000Z');
  held.finish();
  await held.done;
});

describe('another holder', () => {
  for (const phase of ['Succeeded', 'Failed', undefined]) {
    test(`${phase ?? 'gone'}: its Lease is taken over at once, and counted`, async () => {
      const { cluster, clock, second } = await heldBy('a', phase);
      const holder = await second.lock.hold(async () => lease(cluster).spec);
      expect(holder).toMatchObject({ holderIdentity: 'uid-of-b', leaseTransitions: 1 });
      expect(clock.now()).toBe(Date.UTC(2026, 0, 1));
      expect(second.record.record.takeOvers).toBe(1);
      expect(second.report.events.map(({ event }) => event)).toContain('lock-taken-over');
    });
  }

  test('a Pod of the same name but another uid is not the holder', async () => {
    const { cluster, second } = await heldBy('a', undefined);
    cluster.put({ ...pod('a', 'Running'), metadata: { name: 'a', namespace: NAMESPACE, uid: 'another' } });
    expect(await second.lock.hold(async () => lease(cluster).spec?.holderIdentity)).toBe('uid-of-b');
  });

  test('alive and renewing: the waiter gives up after 60 seconds', async () => {
    const { cluster, clock, second } = await heldBy('a', 'Running');
    const error = second.lock.hold(async () => undefined).catch((thrown: unknown) => thrown);
    await clock.advance(59_000);
    expect(lease(cluster).spec?.holderIdentity).toBe('uid-of-a');
    await clock.advance(3_000);
    expect(await error).toBeInstanceOf(LockHeld);
    expect(String(await error)).toContain(`Pod ${NAMESPACE}/a`);
  });

  test('alive, then finished: the waiter goes on', async () => {
    const { cluster, clock, second } = await heldBy('a', 'Running');
    const holder = second.lock.hold(async () => lease(cluster).spec?.holderIdentity);
    await clock.advance(5_000);
    cluster.put(pod('a', 'Succeeded'));
    await clock.advance(2_000);
    expect(await holder).toBe('uid-of-b');
  });

  test('that stopped renewing, on a node that is gone: taken over when the Lease expires', async () => {
    const cluster = fakeCluster([pod('a', 'Running')]);
    const clock = manualClock();
    cluster.put({ ...(await leaseOf('a')), metadata: { name: 'hookwave-calico', namespace: NAMESPACE, annotations: { 'hookwave.dev/pod': `${NAMESPACE}/a` } } });
    const second = contender(cluster, clock, 'b');
    const holder = second.lock.hold(async () => clock.now() - Date.UTC(2026, 0, 1));
    await clock.advance(30_000);
    expect(second.record.record.takeOvers).toBe(0);
    await clock.advance(2_000);
    expect(await holder).toBeGreaterThan(30_000);
    expect(second.record.record.takeOvers).toBe(1);
  });

  test('alive, on a node whose clock is an hour behind: its Lease is not taken', async () => {
    const cluster = fakeCluster([pod('a', 'Running')]);
    const behind = manualClock(Date.UTC(2025, 11, 31, 23));
    const first = holding(contender(cluster, behind, 'a'));
    await turn();
    const clock = manualClock();
    const second = contender(cluster, clock, 'b');
    const error = second.lock.hold(async () => undefined).catch((thrown: unknown) => thrown);
    for (let seconds = 0; seconds < 62; seconds += 2) {
      await behind.advance(2_000);
      await clock.advance(2_000);
    }
    expect(await error).toBeInstanceOf(LockHeld);
    expect(first.lost()?.aborted).toBe(false);
    expect(second.record.record.takeOvers).toBe(0);
    first.finish();
    await first.done;
  });

  test('whose Pod may not be read counts as alive until the Lease expires', async () => {
    const { clock, cluster, second } = await heldBy('a', undefined);
    const get = cluster.get.bind(cluster);
    cluster.get = (resource, name, namespace) => (resource.kind === 'Pod' ? Promise.reject(new ApiError(403, 'Forbidden', 'no')) : get(resource, name, namespace));
    const error = second.lock.hold(async () => undefined).catch((thrown: unknown) => thrown);
    await clock.advance(65_000);
    expect(await error).toBeInstanceOf(LockHeld);
  });

  test('a killed container of the same Pod leaves the Lease to the next one, uncounted', async () => {
    const { cluster, clock } = await heldBy('a', 'Running');
    const next = contender(cluster, clock, 'a');
    expect(await next.lock.hold(async () => lease(cluster).spec?.leaseTransitions)).toBe(0);
    expect(next.record.record.takeOvers).toBe(0);
  });
});

test('of two that come at once one waits for the other', async () => {
  const cluster = fakeCluster([pod('a', 'Running'), pod('b', 'Running')]);
  const clock = manualClock();
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await clock.sleep(5_000, new AbortController().signal);
    order.push(`${name} ends`);
  };
  const both = Promise.all(['a', 'b'].map((name) => contender(cluster, clock, name).lock.hold(work(name))));
  await clock.advance(20_000);
  await both;
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a Lease that another Pod took ends the work, and is not released', async () => {
  const cluster = fakeCluster();
  const clock = manualClock();
  const held = holding(contender(cluster, clock, 'a'));
  const outcome = held.done.catch((error: unknown) => error);
  await turn();
  const taken = lease(cluster);
  cluster.put({ ...taken, spec: { ...taken.spec, holderIdentity: 'uid-of-b' } });
  await clock.advance(11_000);
  expect(String(await outcome)).toContain('another Pod has taken the Lease over');
  expect(lease(cluster).spec?.holderIdentity).toBe('uid-of-b');
});

test.each([
  ['a request that fails', () => Promise.reject(new ApiUnavailable('down')), 'could not be renewed: down'],
  ['a request that has no answer yet', () => new Promise<never>(() => undefined), 'could not be renewed: no answer'],
])('a Lease that cannot be renewed for its whole duration ends the work: %s', async (_what, replace, reason) => {
  const cluster = fakeCluster();
  const clock = manualClock();
  const held = holding(contender(cluster, clock, 'a'));
  const outcome = held.done.catch((error: unknown) => error);
  await turn();
  cluster.replace = replace;
  await clock.advance(29_000);
  expect(held.lost()?.aborted).toBe(false);
  await clock.advance(1_000);
  expect(String(await outcome)).toContain(reason);
});

test('an abort ends the wait', async () => {
  const cluster = fakeCluster([pod('a', 'Running')]);
  const clock = manualClock();
  void contender(cluster, clock, 'a').lock.hold(() => new Promise(() => undefined));
  await turn();
  const second = contender(cluster, clock, 'b');
  const error = second.lock.hold(async () => undefined).catch((thrown: unknown) => thrown);
  await turn();
  second.stop.abort(new Error('interrupted'));
  expect(String(await error)).toContain('interrupted');
});

async function leaseOf(name: string): Promise<Lease> {
  const cluster = fakeCluster();
  void contender(cluster, manualClock(), name).lock.hold(() => new Promise(() => undefined));
  await turn();
  return lease(cluster);
}
