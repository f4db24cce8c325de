import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { snippet } from '../../../src/migrate/snippets.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { type FaultyProxy, startFaultyProxy } from '../../cluster/faulty-proxy.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { type Api, apiOf } from '../matrix/api.ts';
import { EXPECTED, fillV1, forget, generations, installKinds, put, RECORD_PATH, setting, UNTOUCHED, v3Objects, versions } from './kubernetes-datastore.ts';
import { CLI, type Ended, RUNNER, runProgram, startProgram } from './program.ts';

const MIGRATED = { ...UNTOUCHED, ...EXPECTED };
const RULE = '-'.repeat(79);

describe('the migration of a Kubernetes datastore, on a real API server', () => {
  let cluster: Cluster;
  let api: Api;
  let proxy: FaultyProxy;
  let cwd: string;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'hookwave-kdd-'));
    cluster = await startCluster();
    api = apiOf(cluster);
    proxy = await startFaultyProxy(cluster);
    await installKinds(cluster);
    env = { CALICO_DATASTORE_TYPE: 'kubernetes', KUBECONFIG: cluster.kubeconfig, HOOKWAVE_LEASE_SECONDS: '2', HOOKWAVE_RETRY_SECONDS: '1' };
  });
  afterAll(async () => {
    await proxy?.stop();
    await cluster?.stop();
    rmSync(cwd, { recursive: true, force: true });
  });
  beforeEach(() => fillV1(api));

  const cli = (line: string, more: Readonly<Record<string, string>> = {}, input?: string): Promise<Ended> => runProgram(CLI, ['migrate', ...line.split(' ')], { cwd, env: { ...env, ...more }, ...(input !== undefined && { input }) });
  const hook = (name: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> => runProgram(RUNNER, [name], { cwd, env: { ...env, ...more } });
  const through = (): Readonly<Record<string, string>> => ({ CALICO_K8S_API_ENDPOINT: proxy.url });
  const state = async (): Promise<Json> => JSON.parse((await api.send('GET', RECORD_PATH))?.data.state ?? '{}');

  it('goes from needed to complete with the texts and exit codes of calico-upgrade; each repeat changes nothing', async () => {
    expect(await cli('needed')).toEqual({ code: 0, err: '', out: `\n${RULE}\n\nMigration of the datastore to the V3 API is needed.\n\n` });
    expect(await cli('in-progress')).toMatchObject({ code: 1, err: '' });
    const before = await versions(api);
    expect(await cli('dry-run --output-dir dry')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Successfully validated v1 to v3 conversion.') });
    const no = await cli('start --output-dir no', {}, 'nope\n');
    expect(no).toMatchObject({ code: 1, out: expect.stringMatching(/User cancelled\. Exiting\.\n$/) });
    expect(no.out).not.toContain('paused');
    expect(await versions(api)).toEqual(before);

    expect(await cli('start --output-dir real --no-prompts')).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`${RULE}\n\nSuccessfully migrated Calico v1 data to v3 format.\n`) });
    expect(await v3Objects(api)).toEqual(MIGRATED);
    expect(readFileSync(join(cwd, 'real/convertednames'), 'utf8')).toBe(readFileSync(join(cwd, 'dry/convertednames'), 'utf8'));
    expect(readFileSync(join(cwd, 'real/convertednames'), 'utf8')).toContain('BGPPeer(node=two, ip=10.0.0.1) -> BGPPeer(two.10-0-0-1)\n');
    const stamp = (await cluster.get('bgppeers.crd.projectcalico.org', 'two.10-0-0-1')).metadata.annotations['projectcalico.org/metadata'];
    expect(JSON.parse(stamp)).toEqual({ uid: expect.stringMatching(/^[-0-9a-f]{36}$/), creationTimestamp: expect.stringMatching(/^\d{4}-.*Z$/) });

    // So calico-node must not migrate once more: it sends uids of its own.
    const path = '/apis/crd.projectcalico.org/v1/felixconfigurations/default';
    const found = await api.send('GET', path);
    await expect(api.send('PUT', path, { ...found, metadata: { ...found.metadata, uid: '5f0c7a52-0000-4000-8000-000000000000' } })).rejects.toThrow(/409.*Precondition failed: UID/);

    const after = await versions(api);
    expect(await cli('needed')).toMatchObject({ code: 1 });
    expect(await cli('start --no-prompts')).toMatchObject({ code: 0 });
    expect(await hook('node-init')).toEqual({ code: 0, err: '', out: 'No data migration is needed. Continuing on.\n' });
    expect(await versions(api)).toEqual(after);
    expect(JSON.parse((await cli('needed --output json')).out)).toMatchObject({ needed: false, inProgress: false, state: { phase: 'migrated', sourceVersion: 'v2.6.12', counts: { BGPPeer: 3, FelixConfiguration: 1 } } });

    expect((await cli('complete')).out.replaceAll('\n', ' ')).toContain('It is not necessary to complete the upgrade when using Kubernetes API as the datastore. No action was taken.');
    expect(await state()).toMatchObject({ phase: 'complete' });
    expect(await cli('abort --no-prompts')).toMatchObject({ code: 1, out: expect.stringContaining('the migration is complete') });
    expect(await v3Objects(api)).toEqual(MIGRATED);
  });

  it('an abort removes what the attempt has made and nothing else; the next attempt begins from the data of then', async () => {
    for (const verb of ['complete', 'abort']) expect((await cli(verb)).out.replaceAll('\n', ' ')).toContain(`It is not necessary to ${verb} the upgrade when using Kubernetes API as the datastore. No action was taken.`);
    expect(await cli('start --no-prompts')).toMatchObject({ code: 0 });
    // What a v3 node writes when it starts: upstream then takes the migration for done, for ever.
    await cluster.kubectl(['patch', 'clusterinformations.crd.projectcalico.org', 'default', '--type=merge', '-p', '{"spec":{"calicoVersion":"v3.1.7"}}']);
    expect(await cli('abort', {}, 'no\n')).toMatchObject({ code: 1 });
    expect(await cli('abort', {}, 'yes\n')).toMatchObject({ code: 0, out: expect.stringContaining('Successfully aborted the upgrade process.') });
    expect(await v3Objects(api)).toEqual(UNTOUCHED);
    expect(await cli('needed')).toMatchObject({ code: 0 });
    expect(await cli('complete')).toMatchObject({ code: 1, out: expect.stringContaining('the state of the migration is aborted') });
    await cluster.kubectl(['annotate', 'node', 'two', 'peer.bgp.projectcalico.org/10-0-0-1-']);
    expect(await cli('start --no-prompts')).toMatchObject({ code: 0 });
    const { 'BGPPeer/two.10-0-0-1': _, ...rest } = MIGRATED;
    expect(await v3Objects(api)).toEqual(rest);
  });

  it('a process killed after any single write leaves what the next one finishes', async () => {
    const start = { ...env, ...through() };
    proxy.begin();
    expect(await runProgram(RUNNER, ['node-init'], { cwd, env: start })).toMatchObject({ code: 0 });
    const total = proxy.calls.filter(({ mutation }) => mutation > 0).length;
    expect(await v3Objects(api)).toEqual(MIGRATED);
    expect(total).toBeGreaterThanOrEqual(10);
    for (let number = 1; number <= total; number++) {
      await fillV1(api);
      const killed = startProgram(RUNNER, ['node-init'], { cwd, env: { ...start, HOOKWAVE_LEASE_SECONDS: '1' } });
      proxy.begin({ fault: ({ mutation }) => (mutation === number ? { is: 'kill-after' } : undefined), kill: () => killed.signal('SIGKILL') });
      const { code } = await killed.ended;
      expect(code, `write ${number} of ${total}`).toBe(null);
      expect(await hook('node-init'), `the one after write ${number} of ${total}`).toMatchObject({ code: 0 });
      expect(await v3Objects(api), `after write ${number} of ${total}`).toEqual(MIGRATED);
      expect((await state()).phase).toBe('migrated');
    }
    proxy.begin();
  });

  it('goes on when the answer to every write is lost', async () => {
    proxy.begin({ fault: ({ mutation, before }) => (mutation > 0 && before === 0 ? { is: 'lost-answer' } : undefined) });
    expect(await cli('start --no-prompts', through())).toMatchObject({ code: 0 });
    proxy.begin();
    expect(await v3Objects(api)).toEqual(MIGRATED);
  });

  it('SIGTERM in the middle ends in an abort, and the next one migrates', async () => {
    const node = startProgram(RUNNER, ['node-init'], { cwd, env: { ...env, ...through() } });
    proxy.begin({ fault: ({ path, method }) => void (method === 'POST' && path.includes('/felixconfigurations') && node.signal('SIGTERM')) });
    expect(await node.ended).toMatchObject({ code: 1, out: expect.stringContaining('interrupted: the migration was aborted, Calico v1 goes on') });
    proxy.begin();
    expect(await v3Objects(api)).toEqual(UNTOUCHED);
    expect(await hook('node-init')).toMatchObject({ code: 0 });
    expect(await v3Objects(api)).toEqual(MIGRATED);
  });

  it('says so when it is stopped and may not remove what it has written; an abort removes it', async () => {
    const running = startProgram(CLI, ['migrate', 'start', '--no-prompts'], { cwd, env: { ...env, ...through() } });
    proxy.begin({
      fault({ path, method }) {
        if (method === 'POST' && path.includes('/felixconfigurations')) running.signal('SIGTERM');
        return method === 'DELETE' ? { is: 'answer', status: 403, reason: 'Forbidden' } : undefined;
      },
    });
    const { code, out } = await running.ended;
    proxy.begin();
    const words = out.replaceAll(/\s+/g, ' ');
    expect([code, words]).toEqual([1, expect.stringContaining('Please run the abort command to remove the v3 data that it has written.')]);
    expect(words).toContain('Calico v1 goes on, and part of the v3 data is left: run abort');
    expect(words).not.toContain('paused');
    expect(await v3Objects(api)).not.toEqual(UNTOUCHED);
    expect(await cli('abort --no-prompts')).toMatchObject({ code: 0 });
    expect(await v3Objects(api)).toEqual(UNTOUCHED);
  });

  it('of guards that race one migrates; the controllers wait for it', async () => {
    const controller = startProgram(RUNNER, ['controller-init'], { cwd, env });
    await waitFor('the controller to wait', async () => controller.said().includes('Waiting for calico-node to start the migration.'), { everyMs: 50 });
    const nodes = await Promise.all(Array.from({ length: 6 }, (_, index) => hook('node-init', { REPORT_DIR: `race-${index}`, POD_NAME: `calico-node-${index}` })));
    expect(nodes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await controller.ended).toMatchObject({ code: 0 });
    expect(await v3Objects(api)).toEqual(MIGRATED);
    expect(new Set(await generations(api)), 'each was written once').toEqual(new Set([1]));
  });

  it('an owner counts as alive as long as the record moves, and is put out only by force', async () => {
    const record = (renewals: number): object => {
      const owner = { id: 'other', name: 'calico-node-x7k2p/worker-3', leaseSeconds: 2, since: '2026-01-01T00:00:00Z', renewals };
      return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hookwave-calico-migration', namespace: 'kube-system' }, data: { state: JSON.stringify({ schema: 1, phase: 'started', attempt: 'a', sourceVersion: 'v2.6.12', made: [] }), owner: JSON.stringify(owner) } };
    };
    const end = new AbortController();
    const write = (renewals: number): Promise<Json> => api.send('PATCH', `${RECORD_PATH}?fieldManager=other&force=true`, record(renewals), 'application/apply-patch+yaml');
    await write(0);
    const renewal = (async () => {
      for (let renewals = 1; !end.signal.aborted; renewals++) await Promise.all([write(renewals), sleep(300)]);
    })();
    try {
      const [inProgress, started, aborted] = await Promise.all(['in-progress --output json', 'start --no-prompts', 'abort --no-prompts'].map((line) => cli(line)));
      expect(JSON.parse(inProgress?.out ?? '')).toMatchObject({ exitCode: 0, needed: true, inProgress: true, state: { owner: 'calico-node-x7k2p/worker-3' } });
      for (const ended of [started, aborted]) expect([ended?.code, ended?.out.replaceAll(/\s+/g, ' ')]).toEqual([1, expect.stringContaining('the migration is in the hands of calico-node-x7k2p/worker-3')]);
    } finally {
      end.abort();
      await renewal;
    }
    expect(await cli('in-progress')).toMatchObject({ code: 1 });
    expect(await hook('node-init')).toMatchObject({ code: 0 });
    expect(await v3Objects(api)).toEqual(MIGRATED);
  });

  it('the printed roles are enough; without them the rights that are missing are named', async () => {
    const { objects } = snippet('rbac', { image: '', namespace: 'kube-system', daemonset: '', configMap: '', secret: '', datastore: 'kubernetes' });
    // Under another name than calico-node's: what that one asks is held against the roles of the recipes (test/rights), and here it is denied things on purpose.
    const roles = JSON.parse(JSON.stringify(objects).replaceAll('"calico-node"', '"guard"')) as Json[];
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'guard', namespace: 'kube-system' } };
    await cluster.apply([account, { ...account, metadata: { ...account.metadata, name: 'calico-kube-controllers' } }]);
    const as = async (name: string): Promise<Readonly<Record<string, string>>> => {
      const token = (await cluster.kubectl(['create', 'token', name, '-n', 'kube-system'])).trim();
      // As calico-node has them, without a kubeconfig.
      const server = (await cluster.kubectl(['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}'])).trim();
      return { KUBECONFIG: '', CALICO_K8S_API_ENDPOINT: server, CALICO_K8S_CA_FILE: join(cluster.dir, 'pki/apiserver.crt'), CALICO_K8SAPITOKEN: token };
    };
    const node = await as('guard');
    const denied = await cli('needed', node);
    expect([denied.code, denied.out.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringMatching(/configmaps "hookwave-calico-migration" is forbidden: .*`hookwave snippets rbac --datastore kubernetes` prints the roles/)]);
    expect((await cli('dry-run', node)).out.replaceAll(/\s+/g, ' ')).toMatch(/no right to create bgpconfigurations\.crd\.projectcalico\.org, .*, create configmaps in kube-system, .*, list nodes, .*, update configmaps hookwave-calico-migration in kube-system/);

    await cluster.apply(roles);
    expect(await cli('dry-run', node)).toMatchObject({ code: 0 });
    expect(await hook('node-init', node)).toMatchObject({ code: 0, err: '' });
    expect(await v3Objects(api)).toEqual(MIGRATED);
    expect(await hook('controller-init', await as('calico-kube-controllers'))).toMatchObject({ code: 0, err: '' });
    expect(await cli('abort --no-prompts', node)).toMatchObject({ code: 0 });
    expect(await cli('complete', await as('calico-upgrade-job'))).toMatchObject({ code: 1, out: expect.stringContaining('aborted') });
  });

  it('what exists is overwritten, and what the definitions do not keep is said', async () => {
    await cluster.apply({ apiVersion: 'crd.projectcalico.org/v1', kind: 'FelixConfiguration', metadata: { name: 'default', annotations: { mine: 'x' } }, spec: { logSeverityScreen: 'Debug' } });
    await cluster.kubectl(['patch', 'crd', 'bgpconfigurations.crd.projectcalico.org', '--type=json', '-p', '[{"op":"remove","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/nodeToNodeMeshEnabled"}]']);
    await waitFor('the schema to count', async () => !(await cluster.kubectl(['explain', 'bgpconfigurations.crd.projectcalico.org.spec'])).includes('nodeToNodeMeshEnabled'));
    const { code, out } = await cli('start --no-prompts');
    expect(code).toBe(0);
    expect(out).toContain('Overwriting FelixConfiguration(default), which holds something else\n');
    expect(out.replaceAll('\n', ' ')).toContain('does not know nodeToNodeMeshEnabled: not kept in BGPConfiguration(default)');
    expect(await v3Objects(api)).toEqual({ ...MIGRATED, 'BGPConfiguration/default': { asNumber: 64512 } });
    expect((await cluster.get('felixconfigurations.crd.projectcalico.org', 'default')).metadata.annotations['mine']).toBe('x');
    await cli('abort --no-prompts');
    expect(Object.keys(await v3Objects(api))).toEqual(['FelixConfiguration/default', ...Object.keys(UNTOUCHED)]);
  });

  describe('bad input: an error that says what to do, nothing changed', () => {
    const version = (value: string) => () => put(api, setting('GlobalFelixConfig', 'CalicoVersion', value));
    const cases: readonly [string, { readonly prepare?: () => Promise<unknown>; readonly env?: Readonly<Record<string, string>>; readonly needed: number; readonly says: string }][] = [
      ['v1 empty', { prepare: () => forget(api), needed: 1, says: 'check that the v1 API configuration names the right datastore' }],
      ['v1 too old', { prepare: version('v2.6.4'), needed: 2, says: 'migration to v3 requires a tagged release of Calico v2.6.5+' }],
      ['v1 too new', { prepare: version('v3.0.1'), needed: 2, says: "unexpected Calico version 'v3.0.1'" }],
      ['a setting that is none', { prepare: () => put(api, setting('GlobalFelixConfig', 'Broken', { a: 1 })), needed: 0, says: 'errors converting data, see report(s) below for details' }],
      ['a peer that can not be read', { prepare: () => cluster.kubectl(['annotate', '--overwrite', 'node', 'two', 'peer.bgp.projectcalico.org/10-0-0-1={']), needed: 0, says: 'errors converting data, see report(s) below for details' }],
      ['an API server that does not answer', { env: { CALICO_K8S_API_ENDPOINT: 'https://127.0.0.1:1' }, needed: 2, says: 'check that this host may reach the API server' }],
      ['a wrong token', { env: { KUBECONFIG: '', CALICO_K8S_API_ENDPOINT: '', CALICO_K8SAPITOKEN: 'wrong-secret' }, needed: 2, says: 'check the token or the client certificate' }],
      ['a URL that is none', { env: { CALICO_K8S_API_ENDPOINT: 'nowhere' }, needed: 2, says: 'write it like https://' }],
      ['only v1 says kubernetes', { env: { CALICO_DATASTORE_TYPE: '', CALICO_APIV1_DATASTORE_TYPE: 'kubernetes' }, needed: 2, says: 'CALICO_DATASTORE_TYPE=kubernetes' }],
    ];
    it.each(cases)('%s', async (what, { prepare, env: more = {}, needed, says }) => {
      await prepare?.();
      const before = await versions(api);
      const own = what === 'a wrong token' ? { ...more, CALICO_K8S_API_ENDPOINT: proxy.url, CALICO_K8S_INSECURE_SKIP_TLS_VERIFY: 'true' } : more;
      const [asked, started] = await Promise.all([cli('needed', own), cli('start --no-prompts', own)]);
      expect([asked.code, started.code]).toEqual([needed, 1]);
      expect((asked.out + started.out).replaceAll(/\s+/g, ' ')).toContain(says);
      expect(JSON.stringify([asked, started])).not.toContain('wrong-secret');
      expect(await versions(api)).toEqual(before);
    });

    it('the kinds of v3 are missing', async () => {
      const crd = 'bgpconfigurations.crd.projectcalico.org';
      await cluster.kubectl(['delete', 'crd', crd]);
      const { code, out } = await cli('start --no-prompts');
      expect({ code, out: out.replaceAll(/\s+/g, ' ') }).toEqual({ code: 1, out: expect.stringContaining(`the API server does not know ${crd}; apply the CustomResourceDefinitions of the Calico v3 release first`) });
      expect(await api.send('GET', RECORD_PATH)).toBeUndefined();
    });
  });
});
