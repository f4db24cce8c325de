import { describe, expect, test } from 'vitest';
import { openCalico, type CalicoApi, type CalicoApiOptions } from '../../../src/calico/calico-api.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { fakeCluster, type FakeCluster } from '../../fake-cluster.ts';
import { hidden, storedEndpoint, storedPolicy } from './stored-objects.ts';

async function open(cluster: FakeCluster, options: CalicoApiOptions = {}): Promise<CalicoApi> {
  const { api } = await openCalico(cluster, options);
  if (!api) throw new Error('no API');
  return api;
}

const conflict = (): never => {
  throw new ApiError(409, 'Conflict', 'the object has been modified');
};

describe('labels', () => {
  test('a label is added with nothing else changed', async () => {
    const cluster = fakeCluster([storedEndpoint('all', {}, { labels: { a: '1' }, annotations: { note: 'x' } })]);
    const api = await open(cluster);
    expect(await api.label((await api.hostEndpoints())[0]!, 'go', '')).toBe(true);
    expect(cluster.find('HostEndpoint', 'all').metadata).toMatchObject({ labels: { a: '1', go: '' }, annotations: { note: 'x' } });
    expect(cluster.writes.map(({ body }) => body)).toEqual([{ metadata: { labels: { go: '' } } }]);
  });

  test('a label that is there, with whatever value, is left alone', async () => {
    const cluster = fakeCluster([storedEndpoint('all', {}, { labels: { go: 'foreign' } })]);
    const api = await open(cluster);
    expect(await api.label((await api.hostEndpoints())[0]!, 'go', '')).toBe(false);
    expect(cluster.writes).toEqual([]);
  });

  test('a conflict is decided anew on the object as it is now', async () => {
    const cluster = fakeCluster([storedEndpoint('all')]);
    const api = await open(cluster);
    const [seen] = await api.hostEndpoints();
    cluster.put(storedEndpoint('all', {}, { labels: { theirs: '1' } }));
    expect(await api.label(seen!, 'go', '')).toBe(true);
    expect(cluster.find('HostEndpoint', 'all').metadata.labels).toEqual({ theirs: '1', go: '' });
  });

  test('somebody else was faster: nothing to do', async () => {
    const cluster = fakeCluster([storedEndpoint('all')]);
    const api = await open(cluster);
    const [seen] = await api.hostEndpoints();
    cluster.put(storedEndpoint('all', {}, { labels: { go: '' } }));
    expect(await api.label(seen!, 'go', '')).toBe(false);
    expect(cluster.writes).toEqual([]);
  });

  test('an endpoint that is gone is no error', async () => {
    const cluster = fakeCluster([storedEndpoint('all', {}, { labels: { go: '' } })]);
    const api = await open(cluster);
    const [seen] = await api.hostEndpoints();
    cluster.remove('HostEndpoint', 'all');
    expect(await api.label(seen!, 'other', '')).toBe(false);
    expect(await api.unlabel(seen!, 'go')).toBe(false);
  });

  test('conflicts without end are an error', async () => {
    const cluster = fakeCluster([storedEndpoint('all')]);
    cluster.onWrite = conflict;
    const api = await open(cluster);
    await expect(api.label((await api.hostEndpoints())[0]!, 'go', '')).rejects.toThrow('modified');
  });

  test('a label that a newer calicoctl moved into the annotation is found and taken away', async () => {
    const cluster = fakeCluster([storedEndpoint('all', {}, { annotations: hidden({ labels: { go: '', a: '1' } }) })]);
    const api = await open(cluster, { reader: 'v3.32.1' });
    const [seen] = await api.hostEndpoints();
    expect(seen?.labels).toEqual({ go: '', a: '1' });
    expect(await api.unlabel(seen!, 'go')).toBe(true);
    expect((await api.hostEndpoints())[0]?.labels).toEqual({ a: '1' });
  });
});

describe('lists', () => {
  test('kinds that the API does not have are empty lists', async () => {
    const cluster = fakeCluster([], { groups: ['crd.projectcalico.org'] });
    const list = cluster.list.bind(cluster);
    cluster.list = async (resource, selection) => {
      if (resource.group !== '') throw new ApiError(404, 'NotFound', 'no such kind');
      return list(resource, selection);
    };
    const api = await open(cluster);
    expect([await api.hostEndpoints(), await api.globalPolicies(), await api.tiers()]).toEqual([[], [], []]);
  });

  test('tiers that may not be read are none; endpoints and policies that may not be read are an error', async () => {
    const cluster = fakeCluster([], { groups: ['crd.projectcalico.org'] });
    cluster.list = async () => {
      throw new ApiError(403, 'Forbidden', 'may not');
    };
    const api = await open(cluster);
    expect(await api.tiers()).toEqual([]);
    await expect(api.hostEndpoints()).rejects.toThrow('may not');
    await expect(api.globalPolicies()).rejects.toThrow('may not');
  });

  test('the group in use is the one that is read', async () => {
    const cluster = fakeCluster([storedPolicy('default.old', {}), storedPolicy('new', {}, {}, 'projectcalico.org/v3')], { groups: ['projectcalico.org'] });
    const api = await open(cluster);
    expect((await api.globalPolicies()).map(({ name }) => name)).toEqual(['new']);
    expect(api.watched.map(({ group }) => group)).toEqual(['projectcalico.org', 'projectcalico.org']);
  });
});

describe('policies', () => {
  test('are stored by the rules of the writer and deleted as seen', async () => {
    const cluster = fakeCluster([], { groups: ['crd.projectcalico.org'] });
    const api = await open(cluster, { reader: 'v3.32.1', writer: 'v3.13.4' });
    await api.createPolicy('p', {}, { selector: 'all()' });
    expect(cluster.all('GlobalNetworkPolicy').map(({ metadata }) => metadata.name)).toEqual(['default.p']);
    const [policy] = await api.globalPolicies();
    expect(await api.deletePolicy(policy!)).toBe(true);
    expect(await api.deletePolicy(policy!)).toBe(false);
  });
});

test('without a Calico API there is none to open', async () => {
  expect(await openCalico(fakeCluster([], { groups: [] }))).toEqual({ datastore: { is: 'none', reason: 'no Calico API is served' } });
});
