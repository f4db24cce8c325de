import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Cluster, Json } from '../cluster/cluster.ts';
import { part, projectFolder } from '../cluster/paths.ts';
import { run } from '../cluster/run.ts';
import { startCluster } from '../cluster/start-cluster.ts';

/** Every example's output, and how many Pods of hookwave are in it. */
const OUTPUTS = [
  { output: 'calico-manifest/argo/calico', pods: 6 },
  { output: 'calico-manifest/helm/calico', pods: 6, test: 'hookwave-calico-test' },
  { output: 'calico-datastore-migration/argo/calico-v3', pods: 4 },
  { output: 'calico-datastore-migration/helm/calico-v3', pods: 5, test: 'hookwave-calico-v3-test' },
];
const LEVELS = ['restricted', 'baseline', 'privileged'];

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply(LEVELS.map((level) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `level-${level}`, labels: { 'pod-security.kubernetes.io/enforce': level } } })));
});
afterAll(() => cluster?.stop());

describe.each(OUTPUTS)('Pod security of synth/$output, asked of a real API server', ({ output, pods, test }) => {
  let objects: readonly Json[];
  let own: readonly Json[];
  beforeAll(async () => {
    objects = await objectsOf(output);
    own = objects.flatMap(podsOf);
  });

  /** What it says to each of the Pods in a namespace: each distinct answer once. */
  async function answers(namespace: string): Promise<readonly string[]> {
    await cluster.waitFor(`the ServiceAccount of ${namespace}`, () => cluster.get('serviceaccount', 'default', namespace));
    const asked = own.map(async ({ metadata, spec }) => {
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, namespace }, spec: { ...spec, serviceAccountName: 'default' } };
      const answer = await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod)).catch((error: Error) => error.message);
      return /violates PodSecurity "[^"]+": (.*)/.exec(answer)?.[1] ?? (answer.includes('created') ? 'accepted' : answer);
    });
    return [...new Set(await Promise.all(asked))];
  }

  it('the host network is all that keeps its Pods from the level restricted, that of helm test among them', async () => {
    expect(own).toHaveLength(pods);
    expect(own.map(({ metadata }) => metadata.name).filter((name) => name.endsWith('-test'))).toEqual(test ? [test] : []);
    expect(await answers('level-restricted')).toEqual(['host namespaces (hostNetwork=true)']);
    expect(await answers('level-baseline')).toEqual(['host namespaces (hostNetwork=true)']);
    expect(await answers('level-privileged')).toEqual(['accepted']);
  });

  it('their namespace takes them with the labels that it is given', async () => {
    const [namespace = ''] = new Set(own.map(({ metadata }) => metadata.namespace));
    // Else hookwave gives it no label: kube-system, which is there before.
    await cluster.apply(objects.filter(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace));
    const labels = Object.entries((await cluster.get('namespace', namespace)).metadata.labels).filter(([key]) => key.startsWith('pod-security.'));
    expect(labels).toEqual(namespace === 'kube-system' ? [] : [['pod-security.kubernetes.io/enforce', 'privileged']]);
    expect(await answers(namespace)).toEqual(['accepted']);
  });
});

async function objectsOf(output: string): Promise<readonly Json[]> {
  const folder = join(projectFolder, 'synth', output);
  const text = output.includes('/helm/') ? await run(part('helm3'), ['template', 'one', folder, '--namespace', 'kube-system']) : manifestsIn(folder);
  return text
    .split(/^---$/m)
    .filter((one) => /^kind: (Namespace|Job|Pod)$/m.test(one))
    .flatMap((one) => parseAllDocuments(one).map((document) => document.toJS() as Json));
}

function manifestsIn(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n---\n');
}

/** The Pod of an object of hookwave's own, named after it. */
function podsOf({ kind, metadata, spec }: Json): readonly Json[] {
  if (kind === 'Pod') return [{ metadata, spec }];
  return kind === 'Job' ? [{ metadata: { ...spec.template.metadata, name: metadata.name, namespace: metadata.namespace }, spec: spec.template.spec }] : [];
}
