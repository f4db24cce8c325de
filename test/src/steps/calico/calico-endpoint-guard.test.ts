import { afterEach, describe, expect, test } from 'vitest';
import { TEMPORARY_SPEC } from '../../../../src/calico/temporary-policy.ts';
import { ApiError, ApiUnavailable } from '../../../../src/kube/errors.ts';
import type { RecordStore } from '../../../../src/kube/record-store.ts';
import { runCalicoEndpointGuard } from '../../../../src/steps/calico/calico-endpoint-guard.run.ts';
import { fakeCluster, type FakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, memoryRecord, turn } from '../../../fake-context.ts';
import { ALLOW, allowAll, DENY } from '../../calico/host-policy-objects.ts';
import { apiService, AUTOMATIC, storedEndpoint, storedPolicy } from '../../calico/stored-objects.ts';
import { DONE, LABEL, RUNNING } from './host-endpoint-steps.ts';

const GROUPS = { groups: ['crd.projectcalico.org', 'apiregistration.k8s.io'] };
const bare = storedEndpoint('all');
const labelled = storedEndpoint('all', {}, { labels: { [LABEL]: '' } });
const temporary = storedPolicy('default.allow-all-upgrade', TEMPORARY_SPEC);

let stop = new AbortController();
afterEach(() => {
  stop.abort();
  stop = new AbortController();
});

function start(cluster: FakeCluster, record: RecordStore = memoryRecord()) {
  const context = fakeContext(cluster, { signal: stop.signal, record });
  let ended = false;
  const result = runCalicoEndpointGuard({ node: 'node-1' }, context).finally(() => (ended = true));
  return { context, result, ended: () => ended, said: () => context.report.events.map(({ event, message }) => `${event}: ${message}`) };
}

async function settle(): Promise<void> {
  for (let count = 0; count < 20; count++) await turn();
}

describe('lets the Pod start at once', () => {
  test.each<[string, FakeCluster, string]>([
    ['without a Calico API', fakeCluster([], { groups: [] }), 'no Calico API is served'],
    ['without endpoints', fakeCluster([], GROUPS), 'node node-1 has no `*` host endpoint'],
    ['with an endpoint of another node', fakeCluster([storedEndpoint('all', { node: 'node-2' })], GROUPS), 'has no `*` host endpoint'],
    ['with an endpoint of one interface', fakeCluster([storedEndpoint('eth0', { interfaceName: 'eth0' })], GROUPS), 'has no `*` host endpoint'],
    ['with an automatic endpoint', fakeCluster([storedEndpoint('auto', {}, AUTOMATIC)], GROUPS), 'HostEndpoint auto is automatic'],
    ['with a profile that allows', fakeCluster([storedEndpoint('all', { profiles: ['projectcalico-default-allow'] })], GROUPS), 'protected by its profile'],
    ['with the temporary policy', fakeCluster([labelled, temporary], GROUPS), 'protected by policy allow-all-upgrade'],
    ['with another policy that allows', fakeCluster([bare, storedPolicy('default.all', allowAll().spec)], GROUPS), 'protected by policy all'],
    ['with a Deny of everything on a prepared endpoint', fakeCluster([labelled, temporary, storedPolicy('default.a', { order: 1, ingress: DENY, egress: DENY })], GROUPS), 'is prepared, and policy a denies on purpose'],
    [
      'with an unprotected endpoint that comes second by name: Felix uses only the first',
      fakeCluster([storedEndpoint('b'), storedEndpoint('a', {}, { labels: { [LABEL]: '' } }), temporary], GROUPS),
      'HostEndpoint a is protected',
    ],
  ])('%s', async (_what, cluster, message) => {
    const { result, said } = start(cluster);
    expect(await result).toEqual({ outcome: 'already', message: expect.stringContaining(message) });
    expect([cluster.writes, cluster.watchers, said()]).toEqual([[], 0, []]);
  });

  test('when this plan is done: what is unprotected then is so on purpose', async () => {
    const { result } = start(fakeCluster([bare], GROUPS), memoryRecord('calico', DONE));
    expect(await result).toMatchObject({ outcome: 'already', message: expect.stringContaining('this plan is done') });
  });
});

describe('holds the Pod', () => {
  test.each<[string, FakeCluster]>([
    ['without any policy', fakeCluster([bare], GROUPS)],
    ['with the label and no policy', fakeCluster([labelled], GROUPS)],
    ['with the policy and no label', fakeCluster([bare, temporary], GROUPS)],
    ['with a policy that allows some traffic', fakeCluster([bare, storedPolicy('default.ssh', { types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP' }] })], GROUPS)],
    ['with a policy that allows one direction', fakeCluster([bare, storedPolicy('default.in', { types: ['Ingress'], ingress: ALLOW })], GROUPS)],
    ['with a Deny of everything and no preparation', fakeCluster([bare, storedPolicy('default.deny', { ingress: DENY, egress: DENY })], GROUPS)],
  ])('%s, and says once on which endpoint and what to do', async (_what, cluster) => {
    const { context, ended, said } = start(cluster);
    await settle();
    await context.clock.advance(120_000);
    expect(ended()).toBe(false);
    expect(said()).toEqual([expect.stringMatching(/^guard-holds: .*HostEndpoint all.*sync with hooks/)]);
    expect(cluster.writes).toEqual([]);
  });

  test.each([
    ['the run of this plan goes on', memoryRecord('calico', RUNNING)],
    ['the run of another plan is done', memoryRecord('calico', { ...DONE, run: { ...DONE.run!, plan: 'bbbbbbbb' } })],
  ])('while %s', async (_what, record) => {
    const { ended } = start(fakeCluster([bare], GROUPS), record);
    await settle();
    expect(ended()).toBe(false);
  });

  test('without the right to read the run record', async () => {
    const record = memoryRecord('calico', DONE);
    record.read = async () => {
      throw new ApiError(403, 'Forbidden', 'may not');
    };
    const { ended, said } = start(fakeCluster([bare], GROUPS), record);
    await settle();
    expect(ended()).toBe(false);
    expect(said()).toHaveLength(1);
  });

  test('until the endpoint is protected, and then lets it go without waiting', async () => {
    const cluster = fakeCluster([bare], GROUPS);
    const { result, ended } = start(cluster);
    await settle();
    cluster.put(temporary);
    await settle();
    expect(ended()).toBe(false);
    cluster.put(labelled);
    expect(await result).toMatchObject({ outcome: 'already', message: 'HostEndpoint all is protected by policy allow-all-upgrade' });
    expect(cluster.watchers).toBe(0);
  });

  test('until the run record says that the plan is done', async () => {
    const record = memoryRecord('calico', RUNNING);
    const { context, result } = start(fakeCluster([bare], GROUPS), record);
    await settle();
    record.record = DONE;
    await context.clock.advance(20_000);
    expect(await result).toMatchObject({ outcome: 'already' });
  });

  test('to its deadline, and fails then so that the kubelet starts it again', async () => {
    const { result } = start(fakeCluster([bare], GROUPS));
    await settle();
    stop.abort();
    expect(await result).toMatchObject({ outcome: 'failed', exitCode: 20, message: expect.stringContaining('calico-node on node-1 is held: HostEndpoint all is unprotected') });
  });
});

describe('what can not be read holds the Pod', () => {
  test.each([
    ['the API server is away', new ApiUnavailable('connect ECONNREFUSED'), 'ECONNREFUSED'],
    ['the rights are missing', new ApiError(403, 'Forbidden', 'hostendpoints is forbidden'), 'sync the role and the binding of the guard'],
  ])('while %s, and goes on afterwards', async (_what, error, words) => {
    const cluster = fakeCluster([labelled, temporary], GROUPS);
    const list = cluster.list.bind(cluster);
    let failing = true;
    cluster.list = async (resource, selection) => {
      if (failing) throw error;
      return list(resource, selection);
    };
    const { context, result, ended, said } = start(cluster);
    await settle();
    await context.clock.advance(60_000);
    expect(ended()).toBe(false);
    expect(said()).toEqual([expect.stringContaining(words)]);
    failing = false;
    await context.clock.advance(20_000);
    expect(await result).toMatchObject({ outcome: 'already' });
  });

  test('at the deadline the reason is the last word', async () => {
    const cluster = fakeCluster([], GROUPS);
    cluster.groups = async () => {
      throw new ApiUnavailable('connect ECONNREFUSED');
    };
    const { result } = start(cluster);
    await settle();
    stop.abort();
    expect(await result).toMatchObject({ outcome: 'failed', exitCode: 20, message: expect.stringContaining('ECONNREFUSED') });
  });
});

test('an aggregated API that is down does not matter: the storage tells the same', async () => {
  const cluster = fakeCluster([labelled, temporary, apiService('False')], { groups: ['projectcalico.org', ...GROUPS.groups] });
  expect(await start(cluster).result).toMatchObject({ outcome: 'already' });
});
