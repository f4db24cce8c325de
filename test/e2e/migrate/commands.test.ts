import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectV2, type EtcdV2 } from '../../../src/etcd/v2.ts';
import { connectV3, type EtcdV3 } from '../../../src/etcd/v3.ts';
import { v1Cluster } from '../../calico-v1/cluster.ts';
import { expectedV3, fillV1, v3Data, wipe } from '../../calico-v1/etcd.ts';
import { type Etcd, startEtcd } from '../../cluster/etcd.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { CLI, type Ended, RUNNER, runProgram, startProgram } from './program.ts';

const RULE = '-'.repeat(79);
const small = [...v1Cluster({ workloadEndpoints: 5 })];
const PASSWORD = 'correct-horse';

describe('the migration as programs, on a real etcd', () => {
  let etcd: Etcd;
  let v2: EtcdV2;
  let v3: EtcdV3;
  let cwd: string;
  let env: Readonly<Record<string, string>>;
  const cli = (line: string, input?: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> => runProgram(CLI, ['migrate', ...line.split(' ')], { cwd, env: { ...env, ...more }, ...(input !== undefined && { input }) });
  const hook = (name: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> => runProgram(RUNNER, [name], { cwd, env: { ...env, ...more } });
  const ready = async (): Promise<string | undefined> => (await v2.read('/calico/v1/Ready'))?.value;
  const everything = async (): Promise<unknown> => ({ v1: await v2.leaves('/calico', 'all').then((all) => all.map(({ path, value }) => [path, value])), v3: await v3Data(v3) });

  beforeAll(async () => {
    etcd = await startEtcd({ v2: true });
    v2 = connectV2({ endpoints: [etcd.endpoint] });
    v3 = connectV3({ endpoints: [etcd.endpoint] });
    cwd = mkdtempSync(join(tmpdir(), 'hookwave-commands-'));
    env = { CALICO_ETCD_ENDPOINTS: etcd.endpoint, CALICO_APIV1_ETCD_ENDPOINTS: etcd.endpoint, HOOKWAVE_QUIESCE_SECONDS: '1', HOOKWAVE_RETRY_SECONDS: '1' };
  });
  afterAll(async () => {
    for (const client of [v2, v3]) client?.close();
    await etcd?.stop();
    rmSync(cwd, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await wipe(etcd.endpoint, v3);
    await fillV1(v2, small);
  });

  it('goes from needed to complete with the texts and exit codes of calico-upgrade', async () => {
    expect(await cli('needed')).toEqual({ code: 0, err: '', out: `\n${RULE}\n\nMigration of the datastore to the V3 API is needed.\n\n` });
    expect(await cli('inprogress')).toEqual({ code: 1, err: '', out: `\n${RULE}\n\nMigration is NOT in Progress.\n\n` });
    const before = await everything();
    const dry = await cli('dry-run --output-dir dry');
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain(`${RULE}\n\nSuccessfully validated v1 to v3 conversion.\nSee report(s) below for details of the conversion.\nReports:\n- name conversion: dry/convertednames\n- skipped: dry/skipped\n\n`);

    const no = await cli('start --output-dir no', 'nope\n');
    expect(no.code).toBe(1);
    expect(no.out).toMatch(/\nType "yes" to proceed \(any other input cancels\): User cancelled\. Exiting\.\n$/);
    expect(await everything()).toEqual(before);

    const yes = await cli('start --output-dir real', ' YES really\n');
    expect(yes.code).toBe(0);
    expect(yes.out).toContain(`${RULE}\n\nSuccessfully migrated Calico v1 data to v3 format.\n`);
    expect(readFileSync(join(cwd, 'real/convertednames'), 'utf8')).toBe(readFileSync(join(cwd, 'dry/convertednames'), 'utf8'));
    expect(await v3Data(v3)).toEqual(expectedV3(small));
    expect(await ready()).toBe('false');
    expect(await cli('needed')).toMatchObject({ code: 1, out: expect.stringContaining('Migration of the datastore is not needed.') });

    expect(await cli('complete --no-prompt')).toMatchObject({ code: 0, out: expect.stringContaining('\nSuccessfully completed the upgrade process.\n') });
    expect(await cli('complete --no-prompts')).toMatchObject({ code: 0 });
    const late = await cli('abort --no-prompts');
    expect(late).toMatchObject({ code: 1, out: expect.stringContaining('Failed to abort the upgrade process.\n * the migration is complete') });
    expect(await ready()).toBe('false');
  });

  it('shows how far it is: a bar on a terminal, which leaves nothing, and no bar elsewhere', async () => {
    await fillV1(v2, v1Cluster({ workloadEndpoints: 1500 }));
    // `script` gives the command a terminal.
    const onTerminal = spawnSync('script', ['-qec', `'${process.execPath}' '${CLI}' migrate start --no-prompts --output-dir bar`, '/dev/null'], { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
    expect(onTerminal.status).toBe(0);
    const [, total] = /Storing [^\n]* of (\d+) objects/.exec(onTerminal.stdout) ?? [];
    expect(Number(total)).toBe(Object.keys(await v3Data(v3)).length);
    const after = onTerminal.stdout.slice(onTerminal.stdout.lastIndexOf('Storing'));
    expect(after).toContain('Successfully migrated Calico v1 data to v3 format.');
    expect(after).toContain('\u001b[0K');

    expect(await cli('abort --no-prompts')).toMatchObject({ code: 0 });
    const piped = await cli('start --no-prompts --output-dir lines');
    expect(piped).toMatchObject({ code: 0, out: expect.not.stringContaining('Storing') as string });
    expect(piped.err.split('\n').filter((line) => line !== '' && !/^(Converting|Storing): \d+( of \d+)? objects$/.test(line))).toEqual([]);
  });

  it('is aborted, and a second attempt goes well; programs read what is going on', async () => {
    expect(await cli('start --no-prompts')).toMatchObject({ code: 0 });
    expect(JSON.parse((await cli('needed --output json')).out)).toMatchObject({ command: 'needed', exitCode: 1, needed: false, inProgress: false, state: { phase: 'migrated', sourceVersion: 'v2.6.12' } });
    expect(await cli('abort', 'yes\n')).toMatchObject({ code: 0, out: expect.stringContaining('Successfully aborted the upgrade process.') });
    expect(await ready()).toBe('true');
    expect(await cli('needed')).toMatchObject({ code: 0 });
    expect(await cli('complete --no-prompts')).toMatchObject({ code: 1, out: expect.stringContaining('the state of the migration is aborted') });
    const again = await cli('start --no-prompts --output json');
    expect(JSON.parse(again.out)).toMatchObject({ command: 'start', exitCode: 0, ended: 'migrated', intruders: [], validation: { failures: 0 } });
    expect(await v3Data(v3)).toEqual(expectedV3(small));
  });

  it('node-init migrates once; controller-init and a second node wait for it; each repeat has nothing to do', async () => {
    const controller = startProgram(RUNNER, ['controller-init'], { cwd, env });
    await waitFor('the controller to wait', async () => controller.said().includes('Waiting for calico-node to start the migration.'), { everyMs: 50 });
    const nodes = await Promise.all([hook('node-init', { REPORT_DIR: 'one', UPGRADE_OPTIONS: '-l info' }), hook('node-init', { REPORT_DIR: 'two' })]);
    expect(nodes.map(({ code }) => code)).toEqual([0, 0]);
    const migrated = nodes.filter(({ out }) => out.includes('Successfully migrated Calico v1 data to v3 format.'));
    expect(migrated).toHaveLength(1);
    expect(migrated[0]?.out).toMatch(/=== Contents of .*\/(one|two)\/convertednames ===\n[\s\S]+=== Contents of .*skipped ===\n[\s\S]*=== Migration output ===\n/);
    expect(await controller.ended).toMatchObject({ code: 0, out: expect.stringMatching(/\nNo data migration is needed\. Continuing on\.\n$/) });
    expect(await hook('node-init')).toMatchObject({ code: 0, out: 'No data migration is needed. Continuing on.\n', err: '' });
    expect(await v3Data(v3)).toEqual(expectedV3(small));
  });

  it('SIGTERM while node-init has paused v1: v1 goes on, and the next one migrates', async () => {
    const node = startProgram(RUNNER, ['node-init'], { cwd, env: { ...env, HOOKWAVE_QUIESCE_SECONDS: '60' } });
    await waitFor('the pause', async () => (await ready()) === 'false', { everyMs: 50 });
    node.signal('SIGTERM');
    expect(await node.ended).toMatchObject({ code: 1, out: expect.stringContaining('interrupted: the migration was aborted, Calico v1 goes on') });
    expect(await ready()).toBe('true');
    expect(await hook('node-init')).toMatchObject({ code: 0 });
  });

  it('a guard that can write no reports prints them', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const node = await hook('node-init', { REPORT_DIR: 'file/reports' });
    expect(node.code).toBe(0);
    expect(node.err).toContain("reports can't be written to");
    expect(node.out).toContain('convertednames: Node(name=node-0000.example.com) -> Node(node-0000.example.com)\n');
    expect(await cli('dry-run --output-dir file/reports')).toMatchObject({ code: 1, out: expect.stringContaining('ERROR: Unable to prepare the reports directory for writing the migration\nreports.') });
  });

  describe('bad input: an error that says what to do, nothing changed', () => {
    const wrong = { ETCD: 'http://127.0.0.1:1' };
    const cases: readonly [string, { readonly prepare?: () => Promise<unknown>; readonly env?: () => Record<string, string>; readonly needed: number; readonly start?: number; readonly says: string }][] = [
      ['v1 unreachable', { env: () => ({ CALICO_APIV1_ETCD_ENDPOINTS: wrong.ETCD }), needed: 2, says: 'check the endpoints and that this host may reach them' }],
      ['v3 unreachable', { env: () => ({ CALICO_ETCD_ENDPOINTS: wrong.ETCD }), needed: 2, says: 'check the endpoints and that this host may reach them' }],
      ['v1 empty', { prepare: () => wipe(etcd.endpoint, v3), needed: 1, says: 'check that the v1 API configuration names the right datastore' }],
      ['v1 too old', { prepare: () => v2.write('/calico/v1/config/CalicoVersion', 'v2.6.4'), needed: 2, says: 'migration to v3 requires a tagged release of Calico v2.6.5+' }],
      ['v1 too new', { prepare: () => v2.write('/calico/v1/config/CalicoVersion', 'v3.0.1'), needed: 2, says: "unexpected Calico version 'v3.0.1'" }],
      ['v3 not clean', { prepare: () => v3.commit({ guards: [{ key: '/calico/x', modRevision: '0' }], puts: [{ key: '/calico/x', value: '{}' }] }), needed: 0, says: 'The v3 datastore is not clean.' }],
      ['unparsable values', { prepare: () => v2.write('/calico/v1/policy/tier/default/policy/broken', '{'), needed: 0, says: 'errors converting data, see report(s) below for details' }],
      ['paused by another tool', { prepare: () => v2.write('/calico/v1/Ready', 'false'), needed: 0, says: 'abort --force' }],
      ['a malformed file', { env: () => ({ UPGRADE_ARGS: '--apiconfigv1=bad.cfg' }), needed: 2, says: 'is neither YAML nor JSON: line ' }],
      ['nothing is set', { env: () => ({ CALICO_ETCD_ENDPOINTS: '', CALICO_APIV1_ETCD_ENDPOINTS: '' }), needed: 2, says: 'separated by commas' }],
    ];
    it.each(cases)('%s', async (what, { prepare, env: more = () => ({}), needed, says }) => {
      writeFileSync(join(cwd, 'bad.cfg'), `apiVersion: v1\nspec: {etcdPassword: ${PASSWORD}\n`);
      await prepare?.();
      const before = await everything();
      const { UPGRADE_ARGS: args = '', ...rest }: Record<string, string> = more();
      const [asked, dry, started] = [await cli(`needed ${args}`.trim(), undefined, rest), await cli(`dry-run ${args}`.trim(), undefined, rest), await cli(`start --no-prompts ${args}`.trim(), undefined, rest)];
      const flat = ({ out, err }: Ended): string => `${out}${err}`.replaceAll(/\s+/g, ' ');
      expect(asked.code).toBe(needed);
      if (what !== 'paused by another tool') expect({ code: dry.code, text: flat(dry) }).toEqual({ code: 1, text: expect.stringContaining(says) });
      expect({ code: started.code, text: flat(started) }).toEqual({ code: 1, text: expect.stringContaining(says) });
      for (const one of [asked, dry, started]) expect(one.out + one.err).not.toMatch(/ at .*\.(js|cjs|ts):\d|correct-horse/);
      expect(await everything()).toEqual(before);
    });

    it('the reports name what can not be converted', async () => {
      await v2.write('/calico/v1/policy/tier/default/policy/broken', '{');
      const { out } = await cli('dry-run --output-dir wrong');
      expect(out).toContain('- (errors) conversion errors: wrong/conversionerrors\n');
      expect(readFileSync(join(cwd, 'wrong/conversionerrors'), 'utf8')).toMatch(/^Policy\(name=broken\): /);
    });

    it('a guard fails at once where no retry helps, and after its patience where one might', async () => {
      expect(await hook('node-init', { UPGRADE_OPTIONS: '--bogus' })).toMatchObject({ code: 1, out: expect.stringContaining('UPGRADE_OPTIONS, UPGRADE_ARGS: ') });
      const gone = await hook('controller-init', { CALICO_ETCD_ENDPOINTS: wrong.ETCD });
      expect(gone).toMatchObject({ code: 1, out: expect.stringContaining('check the endpoints') });
      expect(gone.err).toContain('trying again');
      await v2.write('/calico/v1/config/CalicoVersion', 'v2.6.4');
      expect(await hook('node-init')).toMatchObject({ code: 1, err: '', out: expect.stringContaining('v2.6.5+') });
      expect(await hook('controller-init', { HOOKWAVE_DEADLINE_SECONDS: '0' })).toMatchObject({ code: 1 });
    });
  });

  describe('passwords', () => {
    const v3Call = async (path: string, body: object): Promise<void> => {
      const answer = await fetch(`${etcd.endpoint}/v3/auth/${path}`, { method: 'POST', body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    };
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const user = { CALICO_ETCD_USERNAME: 'root', CALICO_ETCD_PASSWORD: PASSWORD, CALICO_APIV1_ETCD_USERNAME: 'root', CALICO_APIV1_ETCD_PASSWORD: PASSWORD };

    it('are needed on both sides; wrong ones and missing rights are named; no password is printed', async () => {
      await v3Call('user/add', { name: 'root', password: PASSWORD });
      await v3Call('role/add', { name: 'root' });
      await v3Call('user/grant', { user: 'root', role: 'root' });
      await v3Call('user/add', { name: 'calico', password: PASSWORD });
      await v3Call('role/add', { name: 'calico' });
      await v3Call('role/grant', { name: 'calico', perm: { permType: 'READWRITE', key: base64('/calico/'), range_end: base64('/calico0') } });
      await v3Call('user/grant', { user: 'calico', role: 'calico' });
      await v3Call('enable', {});
      const put = (path: string, body: object): Promise<Response> => fetch(`${etcd.endpoint}/v2/auth/${path}`, { method: 'PUT', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
      expect((await put('users/root', { user: 'root', password: PASSWORD })).status).toBe(201);
      expect((await put('enable', {})).status).toBe(200);
      expect((await fetch(`${etcd.endpoint}/v2/auth/roles/guest`, { method: 'DELETE', headers: { Authorization: `Basic ${base64(`root:${PASSWORD}`)}` } })).status).toBe(200);

      const wrong = 'wrong-secret';
      const results = {
        good: await cli('needed', undefined, user),
        misspelt: await cli('needed', undefined, { ...user, CALICO_ETCD_PASSWORD: '', CALCIO_ETCD_PASSWORD: PASSWORD }),
        wrongV3: await cli('needed', undefined, { ...user, CALICO_ETCD_PASSWORD: wrong }),
        wrongV1: await cli('needed', undefined, { ...user, CALICO_APIV1_ETCD_PASSWORD: wrong }),
        none: await cli('needed'),
        limitedNeeded: await cli('needed', undefined, { ...user, CALICO_ETCD_USERNAME: 'calico' }),
        limitedStart: await cli('start --no-prompts', undefined, { ...user, CALICO_ETCD_USERNAME: 'calico' }),
        limited: await cli('dry-run', undefined, { ...user, CALICO_ETCD_USERNAME: 'calico' }),
      };
      expect(Object.fromEntries(Object.entries(results).map(([name, { code }]) => [name, code]))).toEqual({ good: 0, misspelt: 0, wrongV3: 2, wrongV1: 2, none: 2, limitedNeeded: 2, limitedStart: 1, limited: 1 });
      expect(results.misspelt.err).toContain('warning: CALCIO_ETCD_PASSWORD');
      for (const bad of [results.wrongV3, results.wrongV1, results.none]) expect(bad.out.replaceAll(/\s+/g, ' ')).toContain('check user name, password and the roles of the user');
      for (const { out } of [results.limited, results.limitedNeeded, results.limitedStart]) expect(out.replaceAll(/\s+/g, ' ')).toContain('etcdctl role grant-permission ROLE --prefix=true readwrite /hookwave/calico-migration/');
      expect(JSON.stringify(results)).not.toMatch(/correct-horse|wrong-secret/);
    });
  });
});

describe('TLS with client certificates', () => {
  let etcd: Etcd;
  let cwd: string;
  beforeAll(async () => {
    etcd = await startEtcd({ v2: true, tls: true });
    cwd = mkdtempSync(join(tmpdir(), 'hookwave-tls-'));
    const v2 = connectV2({ endpoints: [etcd.endpoint], ca: pem('ca'), cert: pem('cert'), key: pem('key') });
    await fillV1(v2, small);
    v2.close();
  });
  afterAll(async () => {
    await etcd?.stop();
    rmSync(cwd, { recursive: true, force: true });
  });
  const pem = (name: 'ca' | 'cert' | 'key'): string => readFileSync(etcd.files![name], 'utf8');
  const run = (command: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> => {
    const files = { ETCD_CA_CERT_FILE: etcd.files!.ca, ETCD_CERT_FILE: etcd.files!.cert, ETCD_KEY_FILE: etcd.files!.key, ETCD_ENDPOINTS: etcd.endpoint };
    const env = Object.fromEntries(['CALICO_', 'CALICO_APIV1_'].flatMap((prefix) => Object.entries(files).map(([name, value]) => [prefix + name, value])));
    return runProgram(RUNNER, command.split(' '), { cwd, env: { ...env, HOOKWAVE_QUIESCE_SECONDS: '0', HOOKWAVE_RETRY_SECONDS: '1', ...more } });
  };

  it('wrong or missing certificates are an error on either side; nobody prints a key', async () => {
    const other = join(cwd, 'other.pem');
    writeFileSync(other, pem('cert'));
    const bad = [
      await run('migrate needed', { CALICO_ETCD_CA_CERT_FILE: other }),
      await run('migrate needed', { CALICO_APIV1_ETCD_CA_CERT_FILE: other }),
      await run('migrate needed', { CALICO_APIV1_ETCD_CERT_FILE: '', CALICO_APIV1_ETCD_KEY_FILE: '' }),
      await run('migrate needed', { CALICO_ETCD_CERT_FILE: '', CALICO_ETCD_KEY_FILE: '' }),
      await run('migrate needed', { CALICO_ETCD_KEY_FILE: join(cwd, 'none') }),
    ];
    expect(bad.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    for (const { out } of bad) expect(out.replaceAll(/\s+/g, ' ')).toMatch(/check the CA, certificate and key files|correct the path, or mount the Secret/);
    expect(JSON.stringify(bad)).not.toContain('BEGIN');
  });

  it('goes the whole way', async () => {
    expect(await run('node-init')).toMatchObject({ code: 0 });
    expect(await run('migrate complete --no-prompts')).toMatchObject({ code: 0 });
  });
});
