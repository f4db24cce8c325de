import { App } from 'cdk8s';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CalicoUpgrade } from '../../charts/calico-upgrade.ts';
import { objectsOf } from '../../src/constructs/placed.ts';
import { sha256 } from '../../src/spec/sha256.ts';
import { calicoUpgradeSpec } from '../../src/spec/kinds/calico-upgrade.schema.ts';

const VENDOR = readFileSync(join(import.meta.dirname, '../../examples/calico-manifest/vendor/calico.yaml'), 'utf8');

function upgrade(change: object = {}, manifest = VENDOR): CalicoUpgrade {
  const install = { type: 'manifest', datastore: 'kubernetes', manifest: 'vendor/calico.yaml' };
  const spec = calicoUpgradeSpec.parse({ from: 'v3.13.4', to: 'v3.32.1', install, ...change });
  const file = { path: 'vendor/calico.yaml', text: manifest, sha256: sha256(manifest) };
  return new CalicoUpgrade(new App(), 'calico', { kind: 'CalicoUpgrade', name: 'calico', spec, files: new Map([[file.path, file]]) });
}

interface DaemonSet {
  readonly spec: { readonly updateStrategy: object; readonly template: { readonly spec: { readonly initContainers: { readonly name: string }[]; readonly containers: { readonly env: { readonly name: string; readonly value?: string }[]; readonly image: string }[] } } };
}

function daemonSet(chart: CalicoUpgrade): DaemonSet {
  return objectsOf(chart).find(({ kind }) => kind === 'DaemonSet')?.toJson();
}

function jobs(chart: CalicoUpgrade): readonly string[] {
  return objectsOf(chart).filter(({ kind }) => kind === 'Job').map(({ name }) => name.replace(/-[0-9a-f]{8}$/, ''));
}

test('over v3.14 the workload carries the guard first, and there is a cleanup', () => {
  const chart = upgrade();
  expect(daemonSet(chart).spec.template.spec.initContainers.map(({ name }) => name)).toEqual(['hookwave-guard', 'install-cni']);
  expect(jobs(chart)).toEqual(['preflight', 'prepare', 'rollout', 'verify', 'cleanup', 'rescue'].map((id) => `hookwave-calico-${id}`));
});

test('from v3.14 on there is neither guard nor cleanup; the spec can leave the guard out, too', () => {
  const later = upgrade({ from: 'v3.20.6' });
  expect(daemonSet(later).spec.template.spec.initContainers.map(({ name }) => name)).toEqual(['install-cni']);
  expect(jobs(later)).not.toContain('hookwave-calico-cleanup');
  expect(daemonSet(upgrade({ hostEndpoints: { guard: false } })).spec.template.spec.initContainers.map(({ name }) => name)).toEqual(['install-cni']);
});

test('overlays are carried onto the manifest', () => {
  const { containers } = daemonSet(upgrade({ overlays: { env: { NODENAME: 'fixed', NEW: 'yes' }, registry: 'mirror.example.com/calico' } })).spec.template.spec;
  expect(containers[0]?.image).toBe('mirror.example.com/calico/node:v3.32.1');
  expect(containers[0]?.env).toEqual([{ name: 'DATASTORE_TYPE', value: 'kubernetes' }, { name: 'NODENAME', value: 'fixed' }, { name: 'NEW', value: 'yes' }]);
});

test('the update strategy is always named: an apply that leaves it out would keep a frozen rollout frozen', () => {
  const unnamed = VENDOR.replace(/ {2}updateStrategy:\n.*\n.*\n.*\n/, '');
  expect(unnamed).not.toContain('updateStrategy');
  expect(daemonSet(upgrade({}, unnamed)).spec.updateStrategy).toEqual({ type: 'RollingUpdate' });
  expect(daemonSet(upgrade()).spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } });
});

test('approving the cleanup or changing the runner keeps the plan; anything else makes it another one', () => {
  const { plan } = upgrade().identity;
  expect(upgrade({ cleanup: { approved: '0a1b2c3d', uncovered: ['node-1'] } }).identity.plan).toBe(plan);
  expect(upgrade({ runner: { image: 'other:1' } }).identity.plan).toBe(plan);
  expect(upgrade({ overlays: { config: { veth_mtu: '1440' } } }).identity.plan).not.toBe(plan);
  expect(upgrade({}, `${VENDOR}# changed\n`).identity.plan).not.toBe(plan);
});
