import { App } from 'cdk8s';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CalicoDatastoreMigration } from '../../charts/calico-datastore-migration.ts';
import { objectsOf, placedOf } from '../../src/constructs/placed.ts';
import { helm } from '../../src/sequencers/helm/helm.ts';
import { calicoDatastoreMigrationSpec } from '../../src/spec/kinds/calico-datastore-migration.schema.ts';
import { sha256 } from '../../src/spec/sha256.ts';

const vendor = (release: string): string => readFileSync(join(import.meta.dirname, `../../examples/calico-datastore-migration/vendor/calico-${release}.yaml`), 'utf8');
const FILES = { 'vendor/calico-v2.yaml': vendor('v2'), 'vendor/calico-v3.yaml': vendor('v3') };

function migration(change: object = {}, files: Readonly<Record<string, string>> = FILES): CalicoDatastoreMigration {
  const install = { manifest: 'vendor/calico-v3.yaml', previous: 'vendor/calico-v2.yaml' };
  const spec = calicoDatastoreMigrationSpec.parse({ nodeImage: 'quay.io/calico/node:v3.1.7', install, ...change });
  const loaded = new Map(Object.entries(files).map(([path, text]) => [path, { path, text, sha256: sha256(text) }]));
  return new CalicoDatastoreMigration(new App(), 'calico-v3', { kind: 'CalicoDatastoreMigration', name: 'calico-v3', spec, files: loaded });
}

// oxlint-disable-next-line typescript/no-explicit-any -- rendered manifests
type Json = any;

function find(chart: CalicoDatastoreMigration, kind: string, name: string): Json {
  return objectsOf(chart).find((object) => object.kind === kind && object.name.startsWith(name))?.toJson();
}

test('all Pods are replaced at once until the spec says finished; the Pod template stays the same to the byte', () => {
  const [before, after] = [find(migration(), 'DaemonSet', 'calico-node'), find(migration({ finished: true }), 'DaemonSet', 'calico-node')];
  expect(before.spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } });
  expect(after.spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } });
  expect(JSON.stringify(after.spec.template)).toBe(JSON.stringify(before.spec.template));
  const controllers = (finished: boolean): Json => find(migration({ finished }), 'Deployment', 'calico-kube-controllers').spec.template;
  expect(JSON.stringify(controllers(true))).toBe(JSON.stringify(controllers(false)));
});

test('finished is no other plan; direction, manifests and etcd are', () => {
  const { plan } = migration().identity;
  expect(migration({ finished: true }).identity.plan).toBe(plan);
  expect(migration({ runner: { image: 'other:1' } }).identity.plan).toBe(plan);
  expect(migration({ direction: 'abort' }).identity.plan).not.toBe(plan);
  expect(migration({ etcd: { secret: 'others' } }).identity.plan).not.toBe(plan);
  expect(migration({}, { ...FILES, 'vendor/calico-v3.yaml': `${FILES['vendor/calico-v3.yaml']}# changed\n` }).identity.plan).not.toBe(plan);
});

test('a strategy with maxSurge loses it for the rollout: both together are refused', () => {
  const surging = FILES['vendor/calico-v3.yaml'].replace('maxUnavailable: 1', 'maxSurge: 1');
  expect(find(migration({}, { ...FILES, 'vendor/calico-v3.yaml': surging }), 'DaemonSet', 'calico-node').spec.updateStrategy.rollingUpdate).toEqual({ maxUnavailable: '100%' });
});

test('both workloads carry their guard first: root without capabilities, read-only, with the certificates of mode 0400', () => {
  for (const [kind, name, command] of [['DaemonSet', 'calico-node', 'node-init'], ['Deployment', 'calico-kube-controllers', 'controller-init']] as const) {
    const { initContainers, volumes } = find(migration(), kind, name).spec.template.spec;
    const [guard] = initContainers;
    expect(guard).toMatchObject({ name: 'hookwave-guard', args: [command], volumeMounts: expect.arrayContaining([{ name: 'hookwave-etcd-certs', mountPath: '/calico-secrets', readOnly: true }]) });
    expect(guard.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: false, runAsUser: 0, runAsGroup: 0 });
    expect(volumes).toContainEqual({ name: 'hookwave-etcd-certs', secret: { secretName: 'calico-etcd-secrets', defaultMode: 0o400, optional: true } });
  }
});

test('the environment is that of the upstream hooks, from ConfigMap and Secrets', () => {
  const { env } = find(migration({ etcd: { credentials: { secret: 'users' }, v1: { configMap: 'old-config', secret: 'old-certs' } } }), 'DaemonSet', 'calico-node').spec.template.spec.initContainers[0];
  const from = (name: string): unknown => env.find((one: Json) => one.name === name)?.valueFrom;
  expect(from('CALICO_ETCD_ENDPOINTS')).toEqual({ configMapKeyRef: { name: 'calico-config', key: 'etcd_endpoints', optional: true } });
  expect(from('CALICO_APIV1_ETCD_ENDPOINTS')).toEqual({ configMapKeyRef: { name: 'old-config', key: 'etcd_endpoints', optional: true } });
  expect(from('CALICO_APIV1_ETCD_PASSWORD')).toEqual({ secretKeyRef: { name: 'users', key: 'password', optional: true } });
  expect(env).toContainEqual({ name: 'CALICO_APIV1_DATASTORE_TYPE', value: 'etcdv2' });
});

test('Jobs run beside Calico, on the host network, and may read the certificates through their group', () => {
  const { spec, metadata } = find(migration(), 'Job', 'hookwave-calico-v3-rollout');
  expect(metadata.namespace).toBe('kube-system');
  expect(spec.template.spec).toMatchObject({ hostNetwork: true, dnsPolicy: 'Default', tolerations: [{ operator: 'Exists' }], securityContext: { fsGroup: 65532 } });
});

test('the completion stands in the wave of the DaemonSet', () => {
  const chart = migration();
  const placeOf = (kind: string, name: string): unknown => placedOf(objectsOf(chart).find((object) => object.kind === kind && object.name === name)!)?.placement;
  expect(placeOf('Job', 'hookwave-calico-v3-rollout')).toEqual({ phase: 'verify', wave: 0, mode: 'hook' });
  expect(placeOf('DaemonSet', 'calico-node')).toEqual({ phase: 'upgrade', wave: 0, mode: 'tracked' });
});

test('under Helm the completion is part of the release, so that --wait cannot wait for what waits for it', () => {
  const files = helm(migration());
  const text = (name: string): string => files.find((file) => file.name === name)?.text ?? '';
  expect(text('templates/3-upgrade.yaml')).toMatch(/kind: Job[\s\S]*name: hookwave-calico-v3-rollout-[0-9a-f]{8}/);
  expect(text('templates/3-upgrade.yaml')).not.toContain('helm.sh/hook');
  expect(text('README.md')).toMatch(/--wait[\s\S]*part of the release[\s\S]*Never `--atomic`/);
});

test('the way back renders what ran before, without guards, and aborts ahead of it', () => {
  const chart = migration({ direction: 'abort' });
  const { spec } = find(chart, 'DaemonSet', 'calico-node');
  expect(spec.template.spec.containers[0].image).toBe('quay.io/calico/node:v2.6.12');
  expect(spec.template.spec.initContainers).toBeUndefined();
  expect(spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } });
  expect(chart.summary).toMatchObject({ from: 'v3.1.7', to: 'v2.6.12' });
  expect(find(chart, 'Job', 'hookwave-calico-v3-prepare').spec.template.spec.containers[0]).toMatchObject({ name: 'migration-abort', args: expect.arrayContaining(['--direction=abort', '--from=v3.1.7', '--to=v2.6.12']) });
});

test('nothing is rendered with an API version that is gone', () => {
  const versions = new Set(objectsOf(migration()).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  expect([...versions].filter((one) => /beta|extensions/.test(one))).toEqual([]);
  expect(versions).toContain('apps/v1 DaemonSet');
});
