import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { ApiUnavailable } from '../../../../src/kube/errors.ts';
import type { MigrationOptions } from '../../../../src/migrate/contract.ts';
import { abort } from '../../../../src/migrate/kubernetes/abort.ts';
import { complete } from '../../../../src/migrate/kubernetes/complete.ts';
import type { Engine } from '../../../../src/migrate/kubernetes/engine.ts';
import { lookAtOwner } from '../../../../src/migrate/kubernetes/liveness.ts';
import { own } from '../../../../src/migrate/kubernetes/owner.ts';
import { readRecord } from '../../../../src/migrate/kubernetes/record.ts';
import { start } from '../../../../src/migrate/kubernetes/start.ts';
import { readStatus } from '../../../../src/migrate/kubernetes/status.ts';
import { type FakeCluster, fakeCluster } from '../../../fake-cluster.ts';
import { type ManualClock, manualClock } from '../../../fake-context.ts';

const GROUP = 'crd.projectcalico.org/v1';
const setting = (kind: string, name: string, value: string): KubeObject => ({ apiVersion: GROUP, kind, metadata: { name: name.toLowerCase() }, spec: { name, value } }) as KubeObject;
const node = (name: string, ips: readonly string[]): KubeObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, annotations: Object.fromEntries(ips.map((ip) => [`peer.bgp.projectcalico.org/${ip.replaceAll('.', '-')}`, JSON.stringify({ ip, as_num: '64512' })])) } });
const GLOBAL_PEER = { apiVersion: GROUP, kind: 'BGPPeer', metadata: { name: 'global' }, spec: { peerIP: '10.0.255.1', asNumber: 1 } } as KubeObject;

function v26(): FakeCluster {
  return fakeCluster([setting('GlobalFelixConfig', 'CalicoVersion', 'v2.6.12'), setting('GlobalFelixConfig', 'LogSeverityScreen', 'info'), setting('GlobalBGPConfig', 'AsNumber', '64512'), node('a', ['10.0.0.1', '10.0.0.2']), node('b', []), GLOBAL_PEER]);
}

function engineOn(cluster: FakeCluster, clock: ManualClock, id = 'one'): Engine {
  return { cluster, clock, identity: { id, name: `pod-${id}` }, look: lookAtOwner(cluster, id, clock, new AbortController().signal) };
}

const options = (more: Partial<MigrationOptions> = {}): MigrationOptions => ({ signal: new AbortController().signal, leaseSeconds: 30, ...more });
const KINDS = ['FelixConfiguration', 'BGPConfiguration', 'BGPPeer', 'ClusterInformation'];
const v3 = (cluster: FakeCluster): readonly string[] => KINDS.flatMap((kind) => cluster.all(kind).map((one) => `${kind}/${one.metadata.name} ${JSON.stringify((one as { readonly spec?: object }).spec)}`));

/** Lets time pass until the work is done. */
async function passing<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  const end = new AbortController();
  const done = work.finally(() => end.abort());
  done.catch(() => undefined);
  while (!end.signal.aborted) await clock.advance(1000);
  return done;
}

test('ClusterInformation is written last: it says that the rest is there', async () => {
  const cluster = v26();
  await start(engineOn(cluster, manualClock()), options());
  const made = cluster.writes.filter(({ kind }) => KINDS.includes(kind));
  expect(made.map(({ kind, name }) => `${kind}/${name}`)).toEqual(['FelixConfiguration/default', 'BGPConfiguration/default', 'BGPPeer/a.10-0-0-1', 'BGPPeer/a.10-0-0-2', 'ClusterInformation/default']);
  expect(made.at(-1)?.body).toMatchObject({ spec: { calicoVersion: 'v3.0.0', datastoreReady: true } });
});

test('a process that ends before or after any write leaves what another finishes', async () => {
  const undisturbed = v26();
  await start(engineOn(undisturbed, manualClock()), options());
  const writes = undisturbed.writes.length;
  expect(writes).toBe(10);
  for (const when of ['onWrite', 'afterWrite'] as const) {
    for (let number = 1; number <= writes; number++) {
      const [cluster, clock] = [v26(), manualClock()];
      let count = 0;
      let isDead = false;
      const die = (): void => {
        isDead ||= ++count === number;
        if (isDead) throw new Error('killed');
      };
      cluster[when] = die;
      if (when === 'afterWrite') cluster.onWrite = () => void (isDead && die());
      await start(engineOn(cluster, clock, 'killed'), options()).catch(() => undefined);
      expect(isDead).toBe(true);
      [cluster.onWrite, cluster.afterWrite] = [undefined, undefined];
      const next = engineOn(cluster, clock, 'next');
      expect(await passing(clock, start(next, options())), `${when} ${number}`).toMatchObject({ ended: 'migrated' });
      expect(v3(cluster), `${when} ${number}`).toEqual(v3(undisturbed));
      expect(await readStatus(cluster, next.look)).toMatchObject({ needed: false, state: { phase: 'migrated' } });
      await passing(clock, abort(next, {}));
      expect(v3(cluster), `abort after ${when} ${number}`).toEqual(['BGPPeer/global {"peerIP":"10.0.255.1","asNumber":1}']);
    }
  }
});

test('what changes in v1 while it is written is written, too, and what is gone goes', async () => {
  const cluster = v26();
  cluster.afterWrite = ({ kind }) => {
    if (kind !== 'ClusterInformation') return;
    cluster.put(setting('GlobalFelixConfig', 'LogSeverityScreen', 'error'));
    cluster.put(node('a', ['10.0.0.2', '10.0.0.3']));
    cluster.afterWrite = undefined;
  };
  await start(engineOn(cluster, manualClock()), options());
  expect(v3(cluster).join()).toContain('"logSeverityScreen":"Error"');
  expect(cluster.all('BGPPeer').map(({ metadata }) => metadata.name)).toEqual(['a.10-0-0-2', 'a.10-0-0-3', 'global']);
});

test.each([
  { earlier: complete, later: abort },
  { earlier: abort, later: complete },
] as const)('$later.name looks again once it owns: $earlier.name may have come first', async ({ earlier, later }) => {
  const [cluster, clock] = [v26(), manualClock()];
  await start(engineOn(cluster, clock, 'starter'), options());
  const [one, other] = [engineOn(cluster, clock, 'one'), engineOn(cluster, clock, 'other')];
  let met = false;
  const look: Engine['look'] = async () => {
    if (!met) await earlier(other, {});
    met = true;
    return one.look();
  };
  const error = await passing(clock, later({ ...one, look }, {})).catch((thrown: unknown) => thrown);
  const { state, owner } = await readRecord(cluster);
  expect(error).toMatchObject({ reason: 'phase' });
  expect([state.phase, owner]).toEqual([earlier === complete ? 'complete' : 'aborted', undefined]);
  expect(v3(cluster).some((object) => object.startsWith('ClusterInformation'))).toBe(earlier === complete);
});

test('who has lost the ownership writes nothing more', async () => {
  const cluster = v26();
  const clock = manualClock();
  cluster.afterWrite = ({ kind }) => {
    if (kind !== 'FelixConfiguration') return;
    cluster.afterWrite = undefined;
    const record = cluster.find<KubeObject & { readonly data: Record<string, string> }>('ConfigMap', 'hookwave-calico-migration', 'kube-system');
    cluster.put({ ...record, data: { ...record.data, owner: JSON.stringify({ id: 'other', name: 'other', leaseSeconds: 30, since: 'now', renewals: 0 }) } });
  };
  const running = start(engineOn(cluster, clock), options());
  await expect(passing(clock, running)).rejects.toMatchObject({ reason: 'held', message: expect.stringContaining('in the hands of other') });
  expect(JSON.parse(cluster.find<KubeObject & { readonly data: Record<string, string> }>('ConfigMap', 'hookwave-calico-migration', 'kube-system').data['owner'] ?? '')).toMatchObject({ id: 'other' });
});

test('an owner stays one by renewing, and is none any more once that was impossible for the time of the lease', async () => {
  const [cluster, clock] = [v26(), manualClock()];
  const owner = await own({ ...engineOn(cluster, clock), leaseSeconds: 30 });
  for (let seconds = 0; seconds < 100; seconds += 5) await clock.advance(5_000);
  owner.check();
  expect((await readRecord(cluster)).owner?.renewals).toBeGreaterThanOrEqual(8);

  cluster.onWrite = () => {
    throw new ApiUnavailable('no answer');
  };
  await clock.advance(25_000);
  owner.check();
  await clock.advance(31_000);
  expect(() => owner.check()).toThrow('was not renewed for 30 s');
  cluster.onWrite = undefined;
  await expect(owner.write({ phase: 'migrated' })).rejects.toMatchObject({ reason: 'transient' });
  expect((await readRecord(cluster)).state.phase).toBe('none');
  await owner.release();
});

test('the first look at an owner waits for a sign of life, later ones remember', async () => {
  const [cluster, clock] = [fakeCluster(), manualClock()];
  const renew = (renewals: number): unknown =>
    cluster.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hookwave-calico-migration', namespace: 'kube-system' }, data: { owner: JSON.stringify({ id: 'x', name: 'x', leaseSeconds: 30, since: '', renewals }) } } as KubeObject);
  renew(1);
  const look = lookAtOwner(cluster, 'me', clock, new AbortController().signal);
  const first = look();
  await clock.advance(9_000);
  renew(2);
  await clock.advance(1_000);
  expect((await first).alive).toBe('x');
  expect((await look()).alive).toBe('x');
  const silent = clock.now();
  await clock.advance(31_000);
  expect((await look()).alive).toBeUndefined();
  expect(clock.now() - silent).toBe(31_000);
  const dead = lookAtOwner(cluster, 'me', clock, new AbortController().signal)();
  expect((await passing(clock, dead)).alive).toBeUndefined();
  expect(clock.now() - silent).toBeGreaterThan(61_000);
});

test.each([
  [{ state: '{"schema":2,"phase":"complete"}' }, /has schema 2, this program knows 1; use the hookwave that began/],
  [{ state: '{' }, /key state, is no JSON; correct it, or delete the ConfigMap/],
])('a record that cannot be read is not guessed at', async (data, message) => {
  const cluster = fakeCluster([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hookwave-calico-migration', namespace: 'kube-system' }, data } as KubeObject]);
  await expect(readRecord(cluster)).rejects.toMatchObject({ reason: 'config', message: expect.stringMatching(message) });
});
