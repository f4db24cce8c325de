import { expect, test } from 'vitest';
import { detectDatastore } from '../../../src/calico/datastore.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import type { KubeObject } from '../../../src/kube/cluster.ts';
import { fakeCluster } from '../../fake-cluster.ts';
import { apiService } from './stored-objects.ts';

const V1 = 'crd.projectcalico.org';
const V3 = 'projectcalico.org';
const config = (name: string, data: Record<string, string>) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-system' }, data }) as KubeObject;
const etcd = { etcd_endpoints: 'https://10.0.0.1:2379' };

test.each<[string, readonly string[], readonly KubeObject[], object]>([
  ['only v1: the storage itself', [V1], [], { is: 'kubernetes', group: 'v1', through: 'storage' }],
  ['only v3: native CRDs', [V3], [], { is: 'kubernetes', group: 'v3', through: 'native' }],
  ['both, and the API server answers', [V1, V3], [apiService('True')], { group: 'v3', through: 'aggregated' }],
  ['both, and CRDs behind v3', [V1, V3], [apiService('False', { 'kube-aggregator.kubernetes.io/automanaged': 'true' })], { group: 'v3', through: 'native' }],
  ['both, and the API server is down', [V1, V3], [apiService('False')], { group: 'v1', through: 'storage', reason: expect.stringContaining('not available (no endpoints)') }],
  ['both, without an APIService', [V1, V3], [], { group: 'v1', through: 'storage' }],
  ['none, and etcd in calico-config', [], [config('calico-config', etcd)], { is: 'etcd', reason: expect.stringContaining('calico-config') }],
  ['none, and etcd in canal-config', [], [config('canal-config', etcd)], { is: 'etcd' }],
  ['none, and a config without etcd', [], [config('calico-config', { veth_mtu: '0' })], { is: 'none' }],
  ['none at all', [], [], { is: 'none' }],
])('%s', async (_what, groups, objects, expected) => {
  expect(await detectDatastore(fakeCluster(objects, { groups: ['apps', 'apiregistration.k8s.io', ...groups] }), 'kube-system')).toMatchObject(expected);
});

test('without a namespace etcd is not looked for', async () => {
  expect(await detectDatastore(fakeCluster([config('calico-config', etcd)], { groups: [] }))).toEqual({ is: 'none', reason: 'no Calico API is served' });
});

test('who may not read the APIService uses the storage', async () => {
  const cluster = fakeCluster([], { groups: [V1, V3] });
  cluster.get = async () => {
    throw new ApiError(403, 'Forbidden', 'apiservices is forbidden');
  };
  expect(await detectDatastore(cluster)).toMatchObject({ group: 'v1', through: 'storage' });
});
