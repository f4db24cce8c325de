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
