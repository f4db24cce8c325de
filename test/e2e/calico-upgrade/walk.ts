/** The ten-minute walk of the README as code: a cluster with the source Calico, a spec in Git, the real command line, a real Argo CD. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { automaticHostEndpoint, hostEndpoint, installSourceCalico, nodePods, sourceCalico, upstreamCalico } from '../../cluster/calico.ts';
import type { OperationResult } from '../../cluster/argocd-applications.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import type { SequencerName } from '../../../src/sequencers/names.ts';
import { createGitRepo, type GitRepo } from '../../cluster/git-repo.ts';
import { calicoStandIns } from '../../cluster/images/calico-stand-ins.ts';
import { runnerImage } from '../../cluster/images/runner-image.ts';
import { run } from '../../cluster/run.ts';
import { startCluster } from '../../cluster/start-cluster.ts';
import { trackedObjects } from './resource-versions.ts';

export const root = join(import.meta.dirname, '../../..');
export const hookwave = join(root, 'dist/hookwave.js');
export const RUNNER = 'docker.io/hookwave/runner:test';
export const APPLICATION = 'calico';

/** Spec fields that a test sets beside those of the walk. */
export type SpecChange = Readonly<Record<string, Json>>;

/** `spec.syncPolicy.automated`. */
export interface Automated {
  readonly prune: boolean;
  readonly selfHeal: boolean;
}

export interface WalkOptions {
  /** Argo CD's pause after each of the twelve waves; its own default is 2. @default 0 */
  readonly waveDelaySeconds?: number;
  /** What Git holds: manifests for Argo CD, or the chart for Helm. @default argo */
  readonly sequencer?: SequencerName;
}

export interface Walk {
  readonly cluster: Cluster;
  readonly repo: GitRepo;
  /** Writes the spec, runs `hookwave vendor` and `synth`, commits spec, vendor files and manifests; returns the commit. @param manifest default upstream's */
  commitUpgrade(change?: SpecChange, manifest?: string): Promise<string>;
  /** Commits the state before the upgrade, the same way: the source release as its own target. */
  commitSource(): Promise<string>;
  /** @param retries automatic retries after a failed sync; default 2, as in the example */
  createApplication(retries?: number, automated?: Automated): Promise<void>;
  /** Starts a full sync and waits for its end. */
  sync(seconds?: number): Promise<OperationResult>;
  /** What the commit wants Argo CD to keep: every synthesized object that is no hook, by its name in `resourceVersions`. */
  tracked(): readonly string[];
  /** Back to the source release, as if nothing had happened; but definitions stay as they are: for each that changes, API server and Argo CD work for half a second. */
  reset(): Promise<void>;
  /** The command line against the cluster; returns what it prints. */
  hookwave(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Two nodes with the source Calico and three host endpoints: `*` on node-1, `eth0` on node-2, an automatic `*` on node-2. */
export async function startWalk({ waveDelaySeconds = 0, sequencer = 'argo' }: WalkOptions = {}): Promise<Walk> {
  const cluster = await startCluster({ kubelets: 2, argocd: { waveDelaySeconds } });
  await cluster.images.load(await runnerImage(join(root, 'dist/runner.cjs'), RUNNER), ...(await calicoStandIns('v3.32.1')));
  await installSourceCalico(cluster);
  await cluster.apply(hostEndpoints());
  const folder = join(cluster.dir, 'upgrades');
  const repo = await createGitRepo(join(cluster.dir, 'repo'));
  const commit = async (spec: Json, manifest: string, message: string): Promise<string> => {
    await synth(folder, spec, manifest, sequencer);
    return repo.commit({ folder }, message);
  };
  return {
    cluster,
    repo,
    commitUpgrade: (change = {}, manifest = upstreamCalico('v3.32.1')) => commit(upgradeSpec('v3.13.4', 'v3.32.1', change), manifest, 'upgrade Calico to v3.32.1'),
    commitSource: () => commit(upgradeSpec('v3.12.3', 'v3.13.4', {}), sourceCalico('v3.13.4'), 'Calico v3.13.4'),
    createApplication: (retries = 2, automated) => cluster.apply(application(repo.url, retries, automated)),
    async sync(seconds = 280) {
      // Else the operation may begin with a revision that Argo CD has read before the commit.
      await cluster.argocd.refresh(APPLICATION);
      await cluster.argocd.sync(APPLICATION);
      return cluster.argocd.waitForOperation(APPLICATION, { seconds });
    },
    tracked: () => trackedObjects(join(folder, 'deploy/calico')),
    reset: () => reset(cluster),
    hookwave: (...args) => run('node', [hookwave, ...args, '--kubeconfig', cluster.kubeconfig], { cwd: cluster.dir }),
    stop: () => cluster.stop(),
  };
}

/** The example's Application, with the test's repository. */
function application(repoURL: string, retries: number, automated: Automated | undefined): Json {
  const example = parse(readFileSync(join(root, 'examples/calico-manifest/application.yaml'), 'utf8'));
  example.spec.source.repoURL = repoURL;
  example.spec.syncPolicy.retry = { limit: retries, backoff: { duration: '1s', factor: 1, maxDuration: '5s' } };
  if (automated) example.spec.syncPolicy.automated = automated;
  return example;
}

async function reset(cluster: Cluster): Promise<void> {
  await cluster.argocd.deleteApplication(APPLICATION);
  await cluster.waitFor('the end of the Application', async () => !(await cluster.get('applications.argoproj.io', APPLICATION, 'argocd')));
  await cluster.kubectl(['delete', 'namespace', 'hookwave-calico', '--ignore-not-found', '--wait=false']);
  await cluster.kubectl(['delete', 'globalnetworkpolicies.crd.projectcalico.org,hostendpoints.crd.projectcalico.org', '--all']);
  await cluster.kubectl(['apply', '-f', '-'], withoutDefinitions(sourceCalico()));
  await Promise.all([cluster.waitForRollout('daemonset/calico-node', 'kube-system'), cluster.waitForRollout('deployment/calico-kube-controllers', 'kube-system')]);
  await cluster.apply(hostEndpoints());
  await cluster.waitFor('the end of the namespace', async () => !(await cluster.get('namespace', 'hookwave-calico')));
}

function withoutDefinitions(manifest: string): string {
  return manifest.split(/^---$/m).filter((text) => !text.includes('kind: CustomResourceDefinition')).join('---\n');
}

/** The host endpoints of the walk, as stored by a cluster of v3.13. */
export function hostEndpoints(): Json[] {
  return [
    hostEndpoint({ name: 'node-1-all', node: 'node-1', labels: { team: 'edge' } }),
    hostEndpoint({ name: 'node-2-eth0', node: 'node-2', interfaceName: 'eth0' }),
    automaticHostEndpoint('node-2'),
  ];
}

/** What the platform team writes while the temporary policy logs: the endpoint's real policy. */
export function allowingPolicy(): Json {
  return {
    apiVersion: 'crd.projectcalico.org/v1',
    kind: 'GlobalNetworkPolicy',
    metadata: { name: 'default.edge' },
    spec: { selector: "team == 'edge'", types: ['Ingress', 'Egress'], ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] },
  };
}

/** Short waits for a short test; everything else is the spec of the README. */
export function upgradeSpec(from: string, to: string, change: SpecChange): Json {
  return {
    apiVersion: 'hookwave.dev/v1alpha1',
    kind: 'CalicoUpgrade',
    metadata: { name: 'calico' },
    spec: {
      from,
      to,
      install: { type: 'manifest', datastore: 'kubernetes', manifest: 'vendor/calico.yaml' },
      verify: { stableFor: '3s' },
      runner: { image: RUNNER, imagePullPolicy: 'Never' },
      ...change,
    },
  };
}

/** Writes spec and vendor file, and what `hookwave vendor` and `synth` make of them, into a folder; the output lies in `deploy/calico`. */
export async function synth(folder: string, spec: Json, manifest: string, sequencer: SequencerName = 'argo'): Promise<void> {
  put(join(folder, 'hookwave.yaml'), stringify(spec));
  put(join(folder, 'vendor/calico.yaml'), manifest);
  await run('node', [hookwave, 'vendor', 'vendor/calico.yaml'], { cwd: folder });
  await run('node', [hookwave, 'synth', '-o', 'deploy', '--sequencer', sequencer], { cwd: folder });
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

// What the tests look at.

/** Names of the host endpoints that carry the label of the temporary policy. */
export async function labelledEndpoints(cluster: Cluster): Promise<string[]> {
  const all: Json[] = await cluster.get('hostendpoints.crd.projectcalico.org');
  return all.filter(({ metadata }) => metadata.labels?.['host-endpoint-upgrade'] === '').map(({ metadata }) => metadata.name);
}

/** The temporary policy as stored, or undefined. */
export async function temporaryPolicy(cluster: Cluster): Promise<Json> {
  const all: Json[] = (await cluster.get('globalnetworkpolicies.crd.projectcalico.org')) ?? [];
  return all.find(({ metadata }) => /^(default\.)?allow-all-upgrade$/.test(metadata.name));
}

/** Nodes where the new release runs while nothing protects an effective `*` host endpoint: must be empty at every moment. */
export async function cutOffNodes(cluster: Cluster): Promise<string[]> {
  const [pods, endpoints, policy] = await Promise.all([
    nodePods(cluster),
    cluster.get('hostendpoints.crd.projectcalico.org') as Promise<Json[]>,
    temporaryPolicy(cluster),
  ]);
  const upgraded = pods.filter(({ status }) => status.containerStatuses?.some(({ image, state }: Json) => image.endsWith(':v3.32.1') && state.running)).map(({ spec }) => spec.nodeName);
  const exposed = endpoints.filter(({ metadata, spec }) => spec.interfaceName === '*' && !spec.profiles?.length && !(policy && metadata.labels?.['host-endpoint-upgrade'] === ''));
  return upgraded.filter((node) => exposed.some(({ spec }) => spec.node === node));
}

/** Images of container calico-node over all nodes, sorted. */
export async function nodeImages(cluster: Cluster): Promise<string[]> {
  return (await nodePods(cluster)).map(({ spec }) => spec.containers.find(({ name }: Json) => name === 'calico-node').image).sort();
}

export async function record(cluster: Cluster): Promise<Json> {
  const map = await cluster.get('configmap', 'hookwave-calico', 'hookwave-calico');
  return map ? JSON.parse(map.data['record.json']) : undefined;
}
