/** The walk of the Calico upgrade with Helm in place of Argo CD: charts of the real command line, the real Helms, a real cluster. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installSourceCalico, nodePods, sourceCalico, upstreamCalico } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { calicoStandIns } from '../../cluster/images/calico-stand-ins.ts';
import { runnerImage } from '../../cluster/images/runner-image.ts';
import { part } from '../../cluster/paths.ts';
import { run } from '../../cluster/run.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { hookwave, hostEndpoints, root, RUNNER, synth, upgradeSpec, type SpecChange } from '../calico-upgrade/walk.ts';

export type HelmMajor = 3 | 4;

export interface HelmResult {
  readonly succeeded: boolean;
  /** Standard output and error. */
  readonly output: string;
}

/** A Helm that runs. */
export interface RunningHelm {
  readonly ended: Promise<HelmResult>;
  /** SIGKILL: the release stays as it is. */
  kill(): void;
}

export interface HelmWalk {
  readonly cluster: Cluster;
  /** Chart of the upgrade to v3.32.1. */
  upgradeChart(change?: SpecChange): Promise<string>;
  /** Chart of the state before it: the source release as its own target. */
  sourceChart(): Promise<string>;
  /** Runs a Helm against the cluster, in namespace kube-system; never throws for what Helm refuses. */
  helm(major: HelmMajor, ...args: readonly string[]): Promise<HelmResult>;
  /** The same, while it runs. */
  startHelm(major: HelmMajor, ...args: readonly string[]): RunningHelm;
  /** The command line against the cluster; returns what it prints. */
  hookwave(...args: readonly string[]): Promise<string>;
  /** The source Calico and its three host endpoints, by kubectl, as if nothing had happened before. */
  reset(): Promise<void>;
  /** No Calico, no definition of it, no trace of an upgrade. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** Release name of the walk. */
export const RELEASE = 'calico';
/** Objects that kubectl once applied become the release's. */
export const ADOPT: Readonly<Record<HelmMajor, readonly string[]>> = { 3: ['--take-ownership'], 4: ['--take-ownership', '--force-conflicts'] };
/**
 * For a fix that takes away what the failed chart has added: Helm 3 takes away only what the last deployed revision had, unless it replaces objects. A fix that
 * only says something else needs no flag.
 */
export const AFTER_FAILURE: Readonly<Record<HelmMajor, readonly string[]>> = { 3: ['--force'], 4: [] };

/** Two nodes with all images, and no Calico yet. */
export async function startHelmWalk(): Promise<HelmWalk> {
  const cluster = await startCluster({ kubelets: 2 });
  await cluster.images.load(await runnerImage(join(root, 'dist/runner.cjs'), RUNNER), ...(await calicoStandIns('v3.13.4')), ...(await calicoStandIns('v3.32.1')));
  let charts = 0;
  const chart = async (spec: Json, manifest: string): Promise<string> => {
    const folder = join(cluster.dir, `chart-${++charts}`);
    await synth(folder, spec, manifest, 'helm');
    return join(folder, 'deploy/calico');
  };
  const startHelm: HelmWalk['startHelm'] = (major, ...args) => start(part(`helm${major}`), [...args, '--namespace', 'kube-system'], cluster);
  return {
    cluster,
    upgradeChart: (change = {}) => chart(upgradeSpec('v3.13.4', 'v3.32.1', change), upstreamCalico('v3.32.1')),
    sourceChart: () => chart(upgradeSpec('v3.12.3', 'v3.13.4', {}), sourceCalico('v3.13.4')),
    startHelm,
    helm: (major, ...args) => startHelm(major, ...args).ended,
    hookwave: (...args) => run('node', [hookwave, ...args, '--kubeconfig', cluster.kubeconfig], { cwd: cluster.dir }),
    async reset() {
      await cluster.kubectl(['delete', 'namespace', 'hookwave-calico', '--ignore-not-found', '--wait=false']);
      await installSourceCalico(cluster);
      await cluster.kubectl(['delete', 'globalnetworkpolicies.crd.projectcalico.org,hostendpoints.crd.projectcalico.org', '--all']);
      await cluster.apply(hostEndpoints());
      await cluster.waitFor('the end of the namespace', async () => !(await cluster.get('namespace', 'hookwave-calico')));
    },
    async clear() {
      const definitions: Json[] = await cluster.get('customresourcedefinitions');
      const names = definitions.map(({ metadata }) => metadata.name).filter((name: string) => name.endsWith('.projectcalico.org'));
      await cluster.kubectl(['delete', 'namespace/hookwave-calico', ...names.map((name) => `customresourcedefinition/${name}`), '--ignore-not-found']);
    },
    stop: () => cluster.stop(),
  };
}

export function runHelm(program: string, args: readonly string[], cluster: Cluster): Promise<HelmResult> {
  return start(program, args, cluster).ended;
}

function start(program: string, args: readonly string[], { kubeconfig, dir }: Cluster): RunningHelm {
  const home = join(dir, 'helm');
  const env = { ...process.env, KUBECONFIG: kubeconfig, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
  const child = spawn(program, args, { env });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<HelmResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ succeeded: code === 0, output: Buffer.concat(chunks).toString() }));
  });
  return { ended, kill: () => void child.kill('SIGKILL') };
}

// What the tests look at.

export async function jobs(cluster: Cluster): Promise<readonly string[]> {
  const all: Json[] = await cluster.get('jobs', undefined, 'hookwave-calico');
  return all.map(({ metadata, status }) => `${metadata.name} ${status.conditions?.find((condition: Json) => condition.status === 'True' && ['Complete', 'Failed'].includes(condition.type))?.type ?? 'Running'}`);
}

/** Whether each calico-node Pod is ready, sorted by node. */
export async function readiness(cluster: Cluster): Promise<readonly boolean[]> {
  return (await nodePods(cluster))
    .sort((a, b) => (a.spec.nodeName < b.spec.nodeName ? -1 : 1))
    .map(({ status }) => status.conditions?.some(({ type, status: value }: Json) => type === 'Ready' && value === 'True') ?? false);
}
