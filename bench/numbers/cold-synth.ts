import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testdata } from '../../test/cluster/paths.ts';
import { writeCalicoSpec } from '../calico-spec.ts';
import { measurePair } from '../measure.ts';
import type { BenchNumber } from '../number.ts';
import { hookwave, NODE, peer } from '../peers.ts';
import { pairRow } from '../table.ts';

/** A cold `synth` of the Calico manifest upgrade, beside kustomize with the same patches and annotations on everything. */
export const coldSynth: BenchNumber = {
  name: 'cold-synth',
  about: "synth of upstream's calico.yaml (350 kB) with five patches, against kubectl kustomize",
  async run({ runs, folder }) {
    const spec = writeCalicoSpec(join(folder, 'spec'), { upstream: true, patches: PATCHES.map(({ kind, name, namespace, merge }) => ({ kind, name, namespace, merge })) });
    const kustomization = writeKustomization(join(folder, 'kustomize'));
    const pair = await measurePair({ argv: [NODE, hookwave, 'synth', '-o', join(folder, 'out')], cwd: spec }, { argv: [peer('kubectl'), 'kustomize', kustomization] }, { runs, folder });
    return [pairRow('synth of calico.yaml, 350 kB, 5 patches', pair, { peerName: 'kubectl kustomize', goal: 'no slower', met: pair.ratio.wallMs <= 1, note: 'kubectl parses and collects garbage on all cores at once, Node on one: compare CPU time, too' })];
  },
};

const NAMESPACE = 'kube-system';

const PATCHES = [
  { apiVersion: 'v1', kind: 'ConfigMap', name: 'calico-config', namespace: NAMESPACE, merge: { data: { veth_mtu: '1440' } } },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'calico-node', namespace: NAMESPACE, merge: { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } } } },
  { apiVersion: 'apps/v1', kind: 'Deployment', name: 'calico-kube-controllers', namespace: NAMESPACE, merge: { spec: { template: { spec: { priorityClassName: 'system-node-critical' } } } } },
  { apiVersion: 'v1', kind: 'ServiceAccount', name: 'calico-node', namespace: NAMESPACE, merge: { metadata: { labels: { team: 'network' } } } },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'calico-kube-controllers', namespace: NAMESPACE, merge: { spec: { maxUnavailable: 0 } } },
];

function writeKustomization(folder: string): string {
  mkdirSync(folder);
  cpSync(testdata('calico/v3.32.1/calico.yaml'), join(folder, 'calico.yaml'));
  const patches = PATCHES.map(({ apiVersion, kind, name, namespace, merge }) => {
    const { metadata = {}, ...rest } = merge as { metadata?: object };
    return { patch: JSON.stringify({ apiVersion, kind, metadata: { name, namespace, ...metadata }, ...rest }) };
  });
  writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify({ resources: ['calico.yaml'], commonAnnotations: { 'example.com/plan': '0123456789abcdef' }, patches }));
  return folder;
}
