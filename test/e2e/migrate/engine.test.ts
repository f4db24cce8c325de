import { execFile, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { etcdProtocol } from '../../../build/etcd-protocol.mjs';
import type { V1Entry } from '../../../src/calico/migration/model.ts';
import { connectV2, type EtcdV2 } from '../../../src/etcd/v2.ts';
import { connectV3, type EtcdV3 } from '../../../src/etcd/v3.ts';
import type { Migration, MigrationOptions, Progress } from '../../../src/migrate/contract.ts';
import { etcdMigration } from '../../../src/migrate/engine/etcd-migration.ts';
import { OWNER_KEY, STATE_KEY } from '../../../src/migrate/engine/keys.ts';
import { v1Cluster } from '../../calico-v1/cluster.ts';
import { expectedV3, fillV1, v3Data, wipe } from '../../calico-v1/etcd.ts';
import { type Etcd, startEtcd } from '../../cluster/etcd.ts';
import { type EtcdProxy, startEtcdProxy } from './etcd-proxy.ts';
import { FULL } from '../../full-matrix.ts';

const CLUSTER_INFORMATION = '/calico/resources/v3/projectcalico.org/clusterinformations/default';
const quick = { quiesceSeconds: 0, leaseSeconds: 2 };

describe('the datastore migration on etcd', () => {
  let etcd: Etcd;
  let v2: EtcdV2;
  let v3: EtcdV3;
  let dir: string;
  let program: string;
  const open: Migration[] = [];
  const options = (more: Partial<MigrationOptions> = {}): MigrationOptions => ({ ...quick, signal: AbortSignal.timeout(120_000), ...more });
  const migration = (name = 'one', v1Url = etcd.endpoint, v3Url = etcd.endpoint): Migration => {
    const one = etcdMigration({ v1: { endpoints: [v1Url] }, v3: { endpoints: [v3Url] }, name, callTimeoutMs: 5000 });
    open.push(one);
    return one;
  };
  const spawn = (name: string, proxy?: EtcdProxy, leaseSeconds = quick.leaseSeconds): { readonly child: ChildProcess; readonly end: Promise<{ readonly code: number | string; readonly out: string }> } => {
    const given = { v1: proxy?.v2 ?? etcd.endpoint, v3: proxy?.v3 ?? etcd.endpoint, name, ...quick, leaseSeconds };
    let done: (end: { readonly code: number | string; readonly out: string }) => void;
    const end = new Promise<{ readonly code: number | string; readonly out: string }>((resolve) => (done = resolve));
    const child = execFile('node', [program, JSON.stringify(given)], (error, out, err) => done({ code: error ? (error.signal ?? Number(error.code)) : 0, out: out + err }));
    return { child, end };
  };
  const ready = async (): Promise<string | undefined> => (await v2.read('/calico/v1/Ready'))?.value;
  const datastoreReady = async (): Promise<unknown> => JSON.parse((await v3.get(CLUSTER_INFORMATION))?.value ?? '{}').spec?.datastoreReady;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'hookwave-migrate-'));
    program = join(dir, 'migrate-process.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'migrate-process.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      plugins: [etcdProtocol],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    etcd = await startEtcd({ v2: true });
    v2 = connectV2({ endpoints: [etcd.endpoint] });
    v3 = connectV3({ endpoints: [etcd.endpoint] });
  });
  afterAll(async () => {
    for (const client of [v2, v3]) client?.close();
    await etcd?.stop();
    rmSync(dir, { recursive: true });
  });

  const small = [...v1Cluster({ workloadEndpoints: 20 })];
  const fill = (entries: readonly V1Entry[]): Promise<void> => fillV1(v2, entries);
  beforeEach(() => wipe(etcd.endpoint, v3));
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  it('goes from v1 to completed v3; each repeat changes nothing', async () => {
    await fill(small);
    const one = migration();
    expect(await one.status()).toMatchObject({ needed: true, inProgress: false, state: { phase: 'none' } });

    expect(await one.start(options())).toMatchObject({ ended: 'migrated', intruders: [], validation: { failures: 0 } });

    expect(await v3Data(v3)).toEqual(expectedV3(small));
    expect([await ready(), await datastoreReady()]).toEqual(['false', false]);
    expect(await one.status()).toMatchObject({ needed: false, inProgress: false, state: { phase: 'migrated', sourceVersion: 'v2.6.12', counts: { Node: 3, WorkloadEndpoint: 20 } } });
    const before = await v3.get(STATE_KEY);
    expect(await one.start(options())).toMatchObject({ ended: 'migrated' });
    expect((await v3.get(STATE_KEY))?.modRevision).toBe(before?.modRevision);

    await one.complete({ signal: options().signal });
    await one.complete({ signal: options().signal });
    expect([await ready(), await datastoreReady()]).toEqual(['false', true]);
    expect((await one.status()).state.phase).toBe('complete');
    await expect(one.abort({ signal: options().signal })).rejects.toMatchObject({ reason: 'phase', message: expect.stringContaining('complete') as string });
    expect(await v3.get(OWNER_KEY)).toBeUndefined();
  });

  it('data that cannot be converted, and foreign data in v3, are found before anything is changed', async () => {
    await fill([...small, { path: '/calico/v1/config/ReportingIntervalSecs', value: 'soon' }]);
    await v3.commit({ guards: [{ key: '/calico/x', modRevision: '0' }], puts: [{ key: '/calico/x', value: 'foreign' }] });
    const one = migration();

    const { ended, validation } = await one.start(options());

    expect(ended).toBe('invalid');
    expect(validation.failures).toBeGreaterThan(0);
    expect(validation.destinationDirty).toBe(true);
    expect([await ready(), await v3.get(STATE_KEY)]).toEqual(['true', undefined]);
    expect(Object.keys(await v3Data(v3).catch(() => ({ '/calico/x': '' })))).toEqual(['/calico/x']);
  });

  it('an abort lets v1 go on; the next attempt starts from nothing', async () => {
    await fill(small);
    const one = migration();
    await one.start(options());
    // What a v3 node writes when it starts: upstream then takes the migration for done, for ever.
    const information = await v3.get(CLUSTER_INFORMATION);
    await v3.commit({ guards: [{ key: CLUSTER_INFORMATION, modRevision: information?.modRevision ?? '' }], puts: [{ key: CLUSTER_INFORMATION, value: (information?.value ?? '').replace('v2.6.12', 'v3.1.1') }] });
    await one.abort({ signal: options().signal });

    expect(await ready()).toBe('true');
    expect(await one.status()).toMatchObject({ needed: true, inProgress: false, state: { phase: 'aborted' } });
    await v2.remove('/calico/bgp/v1/global/peer_v4/10.0.255.1');
    const changed = small.filter(({ path }) => path !== '/calico/bgp/v1/global/peer_v4/10.0.255.1');
    expect(await one.start(options())).toMatchObject({ ended: 'migrated' });
    expect(await v3Data(v3)).toEqual(expectedV3(changed));
  });

  it('abort and complete keep to their phases, and to the owner who is alive', async () => {
    await fill(small);
    const [one, two] = [migration('one'), migration('two')];
    const signal = options().signal;
    await expect(two.abort({ signal })).rejects.toMatchObject({ reason: 'phase' });
    await expect(two.complete({ signal })).rejects.toMatchObject({ reason: 'phase', message: expect.stringContaining('run start first') as string });
    const running = one.start(options({ quiesceSeconds: 3 }));
    while (!(await v3.get(OWNER_KEY))) await sleep(20);
    while (!(await v3.get(STATE_KEY))) await sleep(20);

    expect(await two.status()).toMatchObject({ needed: true, inProgress: true, state: { owner: 'one' } });
    await expect(two.abort({ signal })).rejects.toMatchObject({ reason: 'held', message: expect.stringContaining('in the hands of one') as string });
    await expect(two.start(options())).rejects.toMatchObject({ reason: 'held' });
    await two.abort({ signal, force: true });

    await expect(running).rejects.toMatchObject({ name: 'MigrationError' });
    expect(await ready()).toBe('true');
    expect((await two.status()).state.phase).toBe('aborted');
  });

  it('completes without a migration of its own only by force: what another tool has left gets ready, and nothing else of it changes', async () => {
    const one = migration();
    const signal = options().signal;
    await expect(one.complete({ signal })).rejects.toMatchObject({ reason: 'phase', message: expect.stringContaining('add --force if another tool has migrated the data') as string });
    expect(await v3.get(CLUSTER_INFORMATION)).toBeUndefined();

    await one.complete({ signal, force: true });
    expect(JSON.parse((await v3.get(CLUSTER_INFORMATION))?.value ?? '{}')).toMatchObject({ kind: 'ClusterInformation', metadata: { name: 'default' }, spec: { datastoreReady: true } });
    expect((await one.status()).state).toMatchObject({ phase: 'complete' });

    await wipe(etcd.endpoint, v3);
    const theirs = { kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default', uid: 'theirs' }, spec: { clusterGUID: 'abc', calicoVersion: 'v3.1.1', datastoreReady: false } };
    await v3.commit({ guards: [{ key: CLUSTER_INFORMATION, modRevision: '0' }], puts: [{ key: CLUSTER_INFORMATION, value: JSON.stringify(theirs) }] });
    await one.complete({ signal, force: true });
    expect(JSON.parse((await v3.get(CLUSTER_INFORMATION))?.value ?? '{}')).toEqual({ ...theirs, spec: { ...theirs.spec, datastoreReady: true } });
  });

  it('completes in one transaction, which no living owner and no node that starts gets in the way of', async () => {
    await fill(small);
    const one = migration('one');
    await one.start(options());
    const before = await v3.get(CLUSTER_INFORMATION);
    await v3.commit({ guards: [{ key: OWNER_KEY, modRevision: '0' }], puts: [{ key: OWNER_KEY, value: JSON.stringify({ id: 'x', name: 'another', since: 'now', leaseSeconds: 30 }) }] });
    await expect(one.complete({ signal: options().signal })).rejects.toMatchObject({ reason: 'held', message: expect.stringContaining('in the hands of another') as string });
    expect([await datastoreReady(), (await one.status()).state.phase]).toEqual([false, 'migrated']);

    const node = setInterval(() => void v3.get(CLUSTER_INFORMATION).then((now) => now && v3.commit({ guards: [{ key: now.key, modRevision: now.modRevision }], puts: [{ key: now.key, value: now.value.replace('v2.6.12', 'v3.1.1') }] })), 2);
    await one.complete({ signal: options().signal, force: true }).finally(() => clearInterval(node));

    expect([await datastoreReady(), (await one.status()).state.phase, await v3.get(OWNER_KEY)]).toEqual([true, 'complete', undefined]);
    expect((await v3.get(CLUSTER_INFORMATION))?.createRevision).toBe(before?.createRevision);
    await expect(one.abort({ signal: options().signal })).rejects.toMatchObject({ reason: 'phase' });
  });

  it('SIGTERM in the middle ends in an abort', async () => {
    await fill(small);
    const stop = new AbortController();
    const running = migration().start(options({ quiesceSeconds: 30, signal: stop.signal }));
    while ((await ready()) !== 'false') await sleep(20);
    stop.abort();

    await expect(running).rejects.toThrow();
    expect(await ready()).toBe('true');
    expect(await migration().status()).toMatchObject({ needed: true, inProgress: false, state: { phase: 'aborted' } });
  });

  it('an object that etcd refuses, smaller in v1 than in v3, ends in an abort: v1 goes on', async () => {
    const rule = { action: 'deny' };
    const policy = { inbound_rules: Array.from({ length: 40_000 }, () => rule), outbound_rules: [], order: 1, selector: 'all()' };
    await fill([...small, { path: '/calico/v1/policy/tier/default/policy/huge', value: JSON.stringify(policy) }]);
    const said: string[] = [];
    const running = migration().start(options({ progress: ({ message }) => void said.push(message) }));

    await expect(running).rejects.toMatchObject({ name: 'EtcdError', reason: 'refused' });
    expect(said.at(-1)).toBe('The migration was aborted, Calico v1 goes on');
    expect(await ready()).toBe('true');
    expect(await migration().status()).toMatchObject({ needed: true, inProgress: false, state: { phase: 'aborted' } });
  });

  it('says that v1 is left paused when it is stopped while v3 is away', async () => {
    await fill(small);
    const proxy = await startEtcdProxy(etcd.endpoint);
    const stop = new AbortController();
    let running: Promise<unknown> = Promise.resolve();
    const waiting = new Promise<void>((resolve) => {
      const progress = ({ message }: Progress): void => void (message.startsWith('Waiting for the datastores') && resolve());
      running = migration('one', etcd.endpoint, proxy.v3).start(options({ quiesceSeconds: 30, signal: stop.signal, progress }));
    });
    while ((await ready()) !== 'false') await sleep(20);
    proxy.cut();
    await waiting;
    stop.abort();

    await expect(running).rejects.toMatchObject({ name: 'MigrationError', reason: 'needs-abort', message: expect.stringContaining('Calico networking may be paused: run abort') as string });
    expect(await ready()).toBe('false');
    proxy.heal();
    await proxy.close();
  });

  it('names v1 keys that were written after the pause', async () => {
    await fill(small);
    const intruder = '/calico/v1/host/node-0000.example.com/workload/k8s/late.pod/endpoint/eth0';
    let written: Promise<void> | undefined;
    const progress = ({ message }: Progress): void => {
      if (message === 'Storing') written ??= v2.write(intruder, small.find(({ path }) => path.includes('/workload/'))?.value ?? '');
    };
    await fill([...v1Cluster({ workloadEndpoints: 1500, nodes: 3 })]);

    const { ended, intruders } = await migration().start(options({ progress }));

    await written;
    expect([ended, intruders]).toEqual(['migrated', [intruder]]);
  });

  it('a process killed after any single write leaves what the next one finishes', async () => {
    const entries = [...v1Cluster({ workloadEndpoints: 300 })];
    await fill(entries);
    const proxy = await startEtcdProxy(etcd.endpoint);
    try {
      expect(await spawn('undisturbed', proxy).end).toMatchObject({ code: 0 });
      const total = proxy.writes();
      const expected = await v3Data(v3);
      expect(expected).toEqual(expectedV3(entries));
      expect(total).toBeGreaterThan(8);
      for (let number = 1; number <= total; number++) {
        for await (const { key, modRevision } of v3.list('/')) await v3.commit({ guards: [{ key, modRevision }], removes: [key] });
        await v2.write('/calico/v1/Ready', 'true');
        const first = proxy.writes();
        const killed = spawn(`killed-${number}`, proxy);
        proxy.onWrite((count) => count === first + number && killed.child.kill('SIGKILL'));
        const end = await killed.end;
        proxy.onWrite(() => undefined);

        expect(await spawn(`after-${number}`).end, `the process after write ${number} of ${total}`).toMatchObject({ code: 0 });
        expect(end.code === 'SIGKILL' || number === total, `write ${number} of ${total}: ${JSON.stringify(end)}`).toBe(true);
        expect(await v3Data(v3), `after write ${number} of ${total}`).toEqual(expected);
        expect([await ready(), (await migration().status()).state.phase]).toEqual(['false', 'migrated']);
      }
    } finally {
      await proxy.close();
    }
  });

  it('goes on after etcd was killed in the middle', async () => {
    const entries = [...v1Cluster({ workloadEndpoints: 2000 })];
    await fill(entries);
    let restarted: Promise<void> | undefined;
    const progress = ({ message }: Progress): void => {
      if (message === 'Storing') restarted ??= etcd.kill().then(() => etcd.start());
    };

    expect(await migration().start(options({ progress }))).toMatchObject({ ended: 'migrated' });

    await restarted;
    expect(restarted).toBeDefined();
    expect(await v3Data(v3)).toEqual(expectedV3(entries));
  });

  if (FULL) {
    it('goes on after the network was cut for 30 s', async () => {
      const entries = [...v1Cluster({ workloadEndpoints: 2000 })];
      await fill(entries);
      const proxy = await startEtcdProxy(etcd.endpoint);
      try {
        let healed: Promise<void> | undefined;
        const progress = ({ message }: Progress): void => {
          if (message !== 'Storing' || healed) return;
          proxy.cut();
          healed = sleep(30_000).then(() => proxy.heal());
        };

        expect(await migration('cut', proxy.v2, proxy.v3).start(options({ progress }))).toMatchObject({ ended: 'migrated' });

        expect(healed).toBeDefined();
        expect(await v3Data(v3)).toEqual(expectedV3(entries));
      } finally {
        await proxy.close();
      }
    });

    it('of 1,000 guards that race, a hundred of them processes, one migrates', async () => {
      const entries = [...v1Cluster({ workloadEndpoints: 50 })];
      await fill(entries);
      const guard = async (name: string): Promise<void> => {
        const one = etcdMigration({ v1: { endpoints: [etcd.endpoint] }, v3: { endpoints: [etcd.endpoint] }, name, callTimeoutMs: 120_000 });
        while (true) {
          const { needed, inProgress } = await one.status();
          if (!needed) break;
          if (!inProgress) await one.start(options({ leaseSeconds: 30 })).catch((error: { reason?: string }) => expect(error.reason).toBe('held'));
          await sleep(1000 + Math.random() * 2000);
        }
        await one.close();
      };

      const processes = Array.from({ length: 100 }, (_, index) => spawn(`process-${index}`, undefined, 30).end);
      const clients = Array.from({ length: 900 }, (_, index) => guard(`client-${index}`));
      const ends = await Promise.all(processes);
      await Promise.all(clients);

      expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
      expect(await v3Data(v3)).toEqual(expectedV3(entries));
      // Nothing was written twice.
      for await (const { key, createRevision, modRevision } of v3.list('/calico/')) expect([key, modRevision]).toEqual([key, createRevision]);
      expect((await migration().status()).state).toMatchObject({ phase: 'migrated' });
    });
  }
});
