import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { RUNNER_IMAGE } from '../../../src/version.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { createGitRepo } from '../../cluster/git-repo.ts';
import { runnerImage } from '../../cluster/images/runner-image.ts';
import { projectFolder } from '../../cluster/paths.ts';
import { run } from '../../cluster/run.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { ordersImages } from './orders-images.ts';
import { npmInstall, packedApp, type PackedApp } from './packed-app.ts';

let app: PackedApp;
beforeAll(async () => {
  app = await packedApp();
});
afterAll(() => app?.remove());

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

function objectsIn(file: string): readonly Manifest[] {
  return parseAllDocuments(readFileSync(join(app.folder, file), 'utf8')).map((document) => document.toJS() as Manifest | null).filter((object) => object !== null);
}

function annotationsOf(file: string, kind: string, name: string): Readonly<Record<string, string>> | undefined {
  return objectsIn(file).find((object) => object.kind === kind && object.metadata.name === name)?.metadata.annotations;
}

test('the example app type-checks against the packed library', async () => {
  expect(await app.tsc()).toBe('');
});

test('types are checked for real: a wrong phase and a wrong field of the spec are errors', async () => {
  app.write('wrong.ts', `
    import { AllowAllPolicy, CalicoUpgrade, HookJob, InitGuard, argo, helm, type CalicoUpgradeSpec, type HookJobProps } from 'hookwave';
    export const all = [AllowAllPolicy, CalicoUpgrade, HookJob, InitGuard, argo, helm];
    export const job: HookJobProps = { phase: 'deploy', why: '', steps: [], deadlineSeconds: 1 };
    export const spec: CalicoUpgradeSpec = { from: 'v3.13.4', to: 'v3.32.1', instal: {} };
  `);
  const errors = await app.tsc('--noEmit');
  app.write('wrong.ts', '');
  expect(errors).toMatch(/'"deploy"' is not assignable/);
  expect(errors).toMatch(/'instal' does not exist/);
  expect(errors.match(/error TS/g)).toHaveLength(2);
});

test('a recipe and Jobs of its own become Argo CD hooks beside a recipe of the library', async () => {
  await app.node('dist/main.js', 'argo', 'argo');
  expect(annotationsOf('argo/orders/2-prepare.yaml', 'Job', 'orders-backup-report')).toEqual({
    'argocd.argoproj.io/hook': 'PreSync',
    'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
    'argocd.argoproj.io/sync-wave': '-9',
  });
  expect(annotationsOf('argo/orders/2-prepare.yaml', 'Job', 'hookwave-orders-prepare')?.['argocd.argoproj.io/sync-wave']).toBe('-10');
  expect(annotationsOf('argo/orders/3-upgrade.yaml', 'StatefulSet', 'orders-db')).toBeUndefined();
  expect(annotationsOf('argo/calico/3-upgrade.yaml', 'GlobalNetworkPolicy', 'allow-nodes')).toEqual({ 'argocd.argoproj.io/sync-wave': '-1' });
  expect(objectsIn('argo/calico/3-upgrade-calico.yaml').map(({ kind }) => kind)).toContain('DaemonSet');
});

describe('in a real sync', () => {
  let cluster: Cluster;
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    cluster = await startCluster({ kubelets: 1, argocd: true });
    await cluster.images.load(await runnerImage(join(projectFolder, 'dist/runner.cjs'), RUNNER_IMAGE), await ordersImages());
  });
  afterAll(() => cluster?.stop());

  test('the recipe upgrades its database: steps of its own, a Job that it had already, a guard and a server', async () => {
    const repo = await createGitRepo(join(cluster.dir, 'repo'));
    const folder = join(app.folder, 'argo/orders');
    // cdk8s-plus has images pulled always, and there is no registry here.
    const manifests = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8').replace('imagePullPolicy: Always', 'imagePullPolicy: IfNotPresent')]);
    await repo.commit(Object.fromEntries(manifests), 'orders v5.0.0');
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'orders' } });
    await cluster.argocd.createApplication({ name: 'orders', repo: repo.url });
    await cluster.argocd.sync('orders', { retry: { limit: 0 } });
    const { phase, message, resources } = await cluster.argocd.waitForOperation('orders');

    expect(phase, message).toBe('Succeeded');
    const jobs = resources.filter(({ kind }) => kind === 'Job').map(({ name, hookType = 'tracked', hookPhase }) => `${name.replace(/-[0-9a-f]{8}$/, '')} ${hookType} ${hookPhase}`);
    expect(jobs.sort()).toEqual(['hookwave-orders-migrate tracked Succeeded', 'hookwave-orders-preflight PreSync Succeeded', 'hookwave-orders-prepare PreSync Succeeded', 'orders-backup-report PreSync Succeeded']);
    const report = await cluster.get('job', 'orders-backup-report', 'orders');
    expect(report.status.conditions.map(({ type }: Json) => type)).toContain('Complete');
    const server = await cluster.get('statefulset', 'orders-db', 'orders');
    expect(Date.parse(server.metadata.creationTimestamp)).toBeGreaterThanOrEqual(Date.parse(report.status.completionTime));
    await cluster.argocd.waitForSyncedAndHealthy('orders');
    expect(await cluster.podLogs('orders', 'orders-db-0', 'hookwave-guard')).toContain('[print wait backup ');
  });
});

test('the same recipes become Helm charts', async () => {
  await app.node('dist/main.js', 'helm', 'helm');
  expect(annotationsOf('helm/orders/templates/2-prepare.yaml', 'Job', 'orders-backup-report')).toMatchObject({ 'helm.sh/hook': expect.stringContaining('pre-upgrade'), 'helm.sh/hook-weight': '-99' });
  expect(readFileSync(join(app.folder, 'helm/orders/Chart.yaml'), 'utf8')).toContain('version: 5.0.0+');
  expect(readFileSync(join(app.folder, 'helm/calico/values.yaml'), 'utf8')).toContain('rollout: 2h');
});

test('what the packed command finds in the result: nothing', async () => {
  const command = join(app.folder, 'node_modules/hookwave/dist/hookwave.js');
  expect(await app.node(command, 'lint', 'argo/orders', 'argo/calico')).toBe('');
});

test('plain app.synth() fails while no sequencer has run, naming the constructs and what to do', async () => {
  app.write('plain.mjs', `
    import { App } from 'cdk8s';
    import { argo } from 'hookwave';
    import { DatabaseUpgrade } from './dist/database-upgrade.js';
    const app = new App({ outdir: 'plain' });
    const chart = new DatabaseUpgrade(app, 'orders', { from: 'v1.0.0', to: 'v2.0.0', tool: 'tool:1' });
    try { app.synth(); } catch (error) { console.log(error.message); }
    argo(chart);
    app.synth();
    console.log('synthesized');
  `);
  const printed = await app.node('plain.mjs');
  expect(printed).toContain('[orders/report] Job orders-backup-report has a place in prepare but no sequencer has seen it: call argo(chart) or helm(chart) before app.synth()');
  expect(printed).toContain('[orders/preflight/Job] Job hookwave-orders-preflight');
  expect(printed.trim().split('\n').at(-1)).toBe('synthesized');
  expect(annotationsOf('plain/orders.k8s.yaml', 'Job', 'orders-backup-report')?.['argocd.argoproj.io/hook']).toBe('PreSync');
});

const BARE = `
  class Bare extends UpgradeChart {
    identity = { upgrade: 'bare', namespace: 'ns', plan: '0a1b2c3d' };
    summary = { kind: 'Bare', from: 'v1', to: 'v2', notes: [] };
  }
  const chart = new Bare(new App(), 'bare');
  new Marker(chart, 'marker', chart.summary);
  console.log(argo(chart).map(({ name }) => name).join());
`;
const IMPORTS = `import { App } from 'cdk8s';\nimport { Marker, UpgradeChart, argo } from 'hookwave';\n`;

test('a CommonJS app can use it, too', async () => {
  app.write('common.cts', IMPORTS + BARE);
  app.write('tsconfig.common.json', JSON.stringify({ extends: './tsconfig.json', include: ['common.cts'] }));
  expect(await app.tsc('-p', 'tsconfig.common.json')).toBe('');
  expect((await app.node('dist/common.cjs')).trim()).toBe('4-verify.yaml');
});

test("npm installs it into an app with an older cdk8s, and it uses the app's copy", async () => {
  const folder = join(dirname(app.folder), 'older');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: { cdk8s: '2.70.0', constructs: '10.4.0', hookwave: `file:${app.tarball}` } }));
  await npmInstall(folder);
  writeFileSync(join(folder, 'main.js'), IMPORTS + BARE);
  expect((await run(process.execPath, ['main.js'], { cwd: folder })).trim()).toBe('4-verify.yaml');
  const installed = await run('npm', ['ls', 'cdk8s', '--all', '--parseable', '--long'], { cwd: folder });
  expect(installed.trim().split('\n').filter((line) => line.includes('cdk8s@'))).toEqual([expect.stringContaining('cdk8s@2.70.0')]);
});
