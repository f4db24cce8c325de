import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { vendor } from '../../../src/cli/vendor.ts';
import { loadSpecs } from '../../../src/spec/load.ts';
import type { SpecKind } from '../../../src/spec/kind.ts';
import { calicoUpgradeKind } from '../../../src/spec/kinds/calico-upgrade.ts';
import { InvalidInput } from '../../../src/spec/problem.ts';
import { hasUpstream, upstream } from '../../upstream.ts';

const kinds = [calicoUpgradeKind as unknown as SpecKind];
const EXAMPLE = await readFile(join(import.meta.dirname, '../../../examples/calico-manifest/vendor/calico.yaml'), 'utf8');
const SPEC = `apiVersion: hookwave.dev/v1alpha1
kind: CalicoUpgrade
metadata: {name: calico}
spec:
  from: v3.13.4
  to: v3.32.1
  install: {type: manifest, datastore: kubernetes, manifest: vendor/calico.yaml}
`;
const silent = { out: () => {}, err: () => {}, interactive: false };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookwave-load-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, text: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

async function problems(): Promise<readonly string[]> {
  try {
    await loadSpecs(join(folder, 'hookwave.yaml'), kinds);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map(({ path, message, fix }) => `${path}: ${message}; ${fix}`);
  }
}

async function problemsWith(manifest: string, spec = SPEC): Promise<readonly string[]> {
  await put('hookwave.yaml', spec);
  await vendor({ source: await put('vendor/calico.yaml', manifest), directory: folder }, silent);
  return problems();
}

test('a pinned manifest is loaded', async () => {
  expect(await problemsWith(EXAMPLE)).toEqual([]);
});

describe('vendor files', () => {
  test('a file that is missing, one that is not pinned and one that has changed are told apart', async () => {
    await put('hookwave.yaml', SPEC);
    expect((await problems()).join()).toContain('which does not exist');
    const file = await put('vendor/calico.yaml', EXAMPLE);
    expect((await problems()).join()).toContain('hookwave.lock does not pin');
    await vendor({ source: file, directory: folder }, silent);
    await put('vendor/calico.yaml', EXAMPLE.replace('veth_mtu: "0"', 'veth_mtu: "1"'));
    expect((await problems()).join()).toContain('has changed since it was pinned');
  });

  test('a damaged lock file is a problem of its own', async () => {
    await put('hookwave.yaml', SPEC);
    await put('vendor/calico.yaml', EXAMPLE);
    await put('hookwave.lock', 'version: 2\nfiles: []\n');
    expect((await problems()).join('\n')).toMatch(/version: .*\n?.*files: /);
  });

  test.each([
    ['another release', EXAMPLE.replaceAll('v3.32.1', 'v3.31.0'), 'installs quay.io/calico/node:v3.31.0, not v3.32.1'],
    ['an etcd variant', EXAMPLE.replace('value: "kubernetes"', 'value: etcdv3'), 'is the variant for an etcd datastore'],
    ['no DaemonSet', EXAMPLE.replaceAll('kind: DaemonSet', 'kind: StatefulSet'), 'has no DaemonSet calico-node or canal'],
    ['a cut', EXAMPLE.slice(0, EXAMPLE.lastIndexOf('---')), 'looks truncated: Deployment calico-kube-controllers is missing'],
    ['a placeholder', EXAMPLE.replace('veth_mtu: "0"', 'veth_mtu: "<MTU>"'), 'still holds the placeholder <MTU> in ConfigMap calico-config'],
  ])('%s is recognised', async (_name, manifest, message) => {
    expect((await problemsWith(manifest)).join()).toContain(message);
  });

  test('an overlay patch that selects nothing is a problem', async () => {
    const spec = `${SPEC}  overlays: {patches: [{kind: DaemonSet, name: nobody, merge: {a: 1}}]}\n`;
    expect((await problemsWith(EXAMPLE, spec)).join()).toContain('spec.overlays.patches.0: selects 0 objects');
  });
});

describe('files that are there but cannot be read', () => {
  test('a vendor file with a byte that is no UTF-8 is no other file with the same digest', async () => {
    await problemsWith(`# \ufffd\n${EXAMPLE}`);
    await writeFile(join(folder, 'vendor/calico.yaml'), Buffer.concat([Buffer.from('# '), Buffer.from([0xe9]), Buffer.from(`\n${EXAMPLE}`)]));
    expect(await problems()).toEqual([expect.stringContaining('names vendor/calico.yaml, which is not UTF-8 text')]);
  });

  test.each([['a folder', 'vendor', 'is a folder'], ['a path that is too long', 'a'.repeat(5000), 'is longer than a path can be']])('%s is a problem of the spec', async (_what, path, message) => {
    await problemsWith(EXAMPLE, SPEC.replace('vendor/calico.yaml', path));
    expect((await problems()).join()).toContain(message);
  });

  test('a spec that is a link to itself is said to be one', async () => {
    await symlink('hookwave.yaml', join(folder, 'hookwave.yaml'));
    expect(await problems()).toEqual([expect.stringContaining('is a symbolic link that leads back to itself')]);
  });
});

test.each([
  ['{kind: Deployment}', 'merge.kind: would make another object of it'],
  ['{metadata: {name: other}}', 'merge.metadata.name: would make another object of it'],
  ['{metadata: null}', 'merge.metadata: would take the identity'],
  ['{metadata: {annotations: {example.com/hook: x, example.com/sync-wave: "1", example.com/owner: me}}}', 'merge.metadata.annotations: sets example.com/hook'],
])('an overlay patch that changes what the object is, or when it is applied, is a problem: %s', async (merge, message) => {
  const found = await problemsWith(EXAMPLE, `${SPEC}  overlays: {patches: [{kind: DaemonSet, name: calico-node, merge: ${merge}}]}\n`);
  expect(found.join('\n')).toContain(`spec.overlays.patches.0.${message}`);
  expect(found.join('\n')).not.toContain('owner');
});

describe('overlays that a schema cannot judge are problems of the spec, all at once', () => {
  const patched = (merge: string, kind = 'DaemonSet', name = 'calico-node') => `${SPEC}  overlays: {patches: [{kind: ${kind}, name: ${name}, merge: ${merge}}]}\n`;

  test.each([
    ['{spec: null}', 'leaves spec of DaemonSet calico-node broken: it has to be a mapping'],
    ['{spec: {template: 5}}', 'leaves spec.template of DaemonSet calico-node broken: it has to be a mapping'],
    ['{spec: {template: {spec: {containers: {calico-node: {}}}}}}', 'leaves spec.template.spec.containers of DaemonSet calico-node broken: it has to be a list'],
    ['{spec: {template: {spec: {containers: []}}}}', 'leaves spec.template.spec.containers of DaemonSet calico-node broken: it has to have a container'],
    ['{spec: {template: {spec: {containers: [{name: other, image: a}]}}}}', 'leaves spec.template.spec.containers of DaemonSet calico-node broken: it has no container calico-node'],
    ['{spec: {template: {spec: {initContainers: [{name: a}]}}}}', 'leaves spec.template.spec.initContainers.0.image of DaemonSet calico-node broken: it has to be text'],
    ['{spec: {template: {spec: {automountServiceAccountToken: false}}}}', 'leaves spec.template.spec.automountServiceAccountToken of DaemonSet calico-node broken: it gives calico-node no token'],
    ['{metadata: x}', 'leaves metadata of DaemonSet calico-node broken: it has to be a mapping'],
    ['{metadata: {labels: {a: 1}}}', 'leaves metadata.labels.a of DaemonSet calico-node broken: it has to be text'],
  ])('patch %s', async (merge, message) => {
    const found = await problemsWith(EXAMPLE, patched(merge));
    expect(found.join('\n')).toContain(`spec.overlays.patches.0.merge: ${message}`);
    expect(found.every((problem) => problem.split('; ').length > 1)).toBe(true);
  });

  test('a number in a ConfigMap, and the patch that put it there', async () => {
    const spec = `${SPEC}  overlays:\n    patches:\n      - {kind: ConfigMap, name: calico-config, merge: {data: {a: b}}}\n      - {kind: ConfigMap, name: calico-config, merge: {data: {veth_mtu: 1440}}}\n`;
    expect(await problemsWith(EXAMPLE, spec)).toEqual([expect.stringContaining('spec.overlays.patches.1.merge: leaves data.veth_mtu of ConfigMap calico-config broken: it has to be text')]);
  });

  test('keys and variables that no ConfigMap and no container can have; a ConfigMap that there is not', async () => {
    const spec = `${SPEC}  overlays: {config: {"a b": x}, env: {"A=B": x, GOOD: y}, patches: [{kind: Nobody, name: x, merge: {}}]}\n`;
    const found = await problemsWith(EXAMPLE, spec);
    expect(found.map((one) => one.split(': ')[0])).toEqual(['spec.overlays.config.a b', 'spec.overlays.env.A=B', 'spec.overlays.patches.0']);
    const without = EXAMPLE.replace('name: calico-config', 'name: other-config');
    expect((await problemsWith(without, `${SPEC}  overlays: {config: {veth_mtu: "1440"}}\n`)).join()).toContain('spec.overlays.config.veth_mtu: is for ConfigMap calico-config, which the manifest does not have');
  });
});

describe("hooks and waves that a vendor's manifest brings itself", () => {
  const KEYS = ['argocd.argoproj.io/hook', 'argocd.argoproj.io/sync-wave', 'argocd.argoproj.io/hook-delete-policy', 'helm.sh/hook', 'helm.sh/hook-weight'];
  const withKey = (key: string): string => EXAMPLE.replace('kind: Deployment\nmetadata:\n', `kind: Deployment\nmetadata:\n  annotations:\n    ${key}: "1"\n`);

  test.each(KEYS)('%s is a problem, with the patch that takes it away', async (key) => {
    expect(withKey(key)).not.toBe(EXAMPLE);
    const [problem = '', ...others] = await problemsWith(withKey(key));
    expect(others).toEqual([]);
    expect(problem).toContain(`spec.install.manifest: has Deployment calico-kube-controllers at line `);
    expect(problem).toContain(`with annotation ${key}`);
    const [, patch = ''] = /overlays\.patches: (\[.*\])/.exec(problem) ?? [];
    expect(await problemsWith(withKey(key), `${SPEC}  overlays: {patches: ${patch}}\n`)).toEqual([]);
  });

  test('other annotations of both tools stay', async () => {
    expect(await problemsWith(withKey('helm.sh/resource-policy'))).toEqual([]);
    expect(await problemsWith(withKey('argocd.argoproj.io/sync-options'))).toEqual([]);
  });
});

test.each([
  ['a DaemonSet whose containers are no list', EXAMPLE.replace('      containers:\n        - name: calico-node', '      containers:\n        calico-node:\n          name: calico-node'), 'whose spec.template.spec.containers is broken: it has to be a list'],
])('%s in the manifest is a problem', async (_what, manifest, message) => {
  expect(manifest).not.toBe(EXAMPLE);
  await put('hookwave.yaml', SPEC);
  expect((await problemsWith(manifest)).join()).toContain(message);
});

test('releases in the wrong order and a release known to be bad are refused', async () => {
  expect((await problemsWith(EXAMPLE, SPEC.replace('v3.13.4', 'v3.33.0'))).join()).toContain('is v3.32.1, older than v3.33.0');
  expect((await problemsWith(EXAMPLE, SPEC.replace('to: v3.32.1', 'to: v3.32.0'))).join()).toContain('use v3.32.1');
  expect((await problemsWith(EXAMPLE, SPEC.replace('from: v3.13.4', 'from: v2.6.0'))).join()).toContain('not a release of Calico 3');
});

describe.skipIf(!hasUpstream)("upstream's files (skipped where they are absent)", () => {
  test.each(['calico.yaml', 'calico-typha.yaml', 'canal.yaml', 'calico-policy-only.yaml'])('v3.32.1 %s is accepted', async (name) => {
    expect(await problemsWith(upstream(`calico/v3.32.1/${name}`))).toEqual([]);
  });

  test.each([
    ['calico-etcd.yaml', 'is the variant for an etcd datastore'],
    ['canal-etcd.yaml', 'is the etcd variant of canal'],
    ['tigera-operator.yaml', 'is the manifest of the operator'],
    ['operator-crds.yaml', 'has no DaemonSet calico-node or canal'],
  ])('v3.32.1 %s is refused', async (name, message) => {
    expect((await problemsWith(upstream(`calico/v3.32.1/${name}`))).join()).toContain(message);
  });

  test('v3.24.6, whose images say v3.24.5, is accepted as v3.24.6', async () => {
    expect(await problemsWith(upstream('calico/v3.24.6/calico.yaml'), SPEC.replace('to: v3.32.1', 'to: v3.24.6'))).toEqual([]);
  });
});
