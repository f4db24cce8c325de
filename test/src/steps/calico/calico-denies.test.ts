import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { calicoDenies } from '../../../../src/steps/calico/calico-denies.ts';
import { runCalicoDenies } from '../../../../src/steps/calico/calico-denies.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext } from '../../../fake-context.ts';
import { clusterInformation, install } from '../../calico/objects.ts';
import { DENY } from '../../calico/host-policy-objects.ts';
import { storedPolicy } from '../../calico/stored-objects.ts';
import { AT, ENDPOINTS, foreignPolicy } from './host-endpoint-steps.ts';

const ssh = storedPolicy('default.ssh', { selector: "team == 'edge'", types: ['Ingress'], ingress: [{ action: 'Deny', protocol: 'TCP', destination: { ports: [22] } }] });
const all = storedPolicy('default.deny', { types: ['Egress'], egress: DENY });

async function run(objects: readonly KubeObject[], params: object = {}) {
  const cluster = fakeCluster([...objects]);
  const context = fakeContext(cluster);
  const result = await runCalicoDenies(calicoDenies.params.parse({ ...AT, ...params }), context);
  return { result, cluster, context };
}

test('lists every policy that comes alive, says where and what, and how to go on', async () => {
  const { result, cluster, context } = await run([...install('v3.13.4'), ...ENDPOINTS, ssh, all]);
  expect(result).toMatchObject({ outcome: 'failed', exitCode: 10, next: expect.stringMatching(/spec\.hostEndpoints\.acknowledgeDenies: .*ssh/) });
  const { message } = result;
  expect(message).toContain('GlobalNetworkPolicy ssh, ingress[0], will deny TCP to ports 22 on HostEndpoint node-1-all');
  expect(message).toContain('GlobalNetworkPolicy deny, egress[0], will deny all traffic on HostEndpoints node-1-all, node-2-all, node-3-all');
  expect(context.report.events.map(({ event }) => event)).toEqual(['policy-awakes', 'policy-awakes']);
  expect([cluster.writes, context.lock.held]).toEqual([[], 0]);
});

test('what is acknowledged does not stop it, under the name of v3 or of the storage', async () => {
  const { result } = await run([...install('v3.13.4'), ...ENDPOINTS, ssh, all], { acknowledged: ['ssh', 'default.deny'] });
  expect(result).toEqual({ outcome: 'done', message: expect.stringMatching(/^acknowledged: .*deny/) });
});

test('an acknowledgement of one is none of the other', async () => {
  const { result } = await run([...install('v3.13.4'), ...ENDPOINTS, ssh, all], { acknowledged: ['deny'] });
  expect(result).toMatchObject({ outcome: 'failed', next: expect.stringMatching(/acknowledgeDenies: ssh$/) });
});

test('without such a policy it says so', async () => {
  const { result } = await run([...install('v3.13.4'), ...ENDPOINTS]);
  expect(result).toEqual({ outcome: 'done', message: 'no policy begins to drop traffic of `*` host endpoints' });
});

test.each<[string, readonly KubeObject[], object]>([
  ['Calico is absent', [], {}],
  ['everything runs the target', [...install('v3.32.1'), ...ENDPOINTS, all], {}],
  ['v3.14 is not crossed', [...install('v3.20.6'), ...ENDPOINTS, all], { from: 'v3.20.6' }],
  ['the cluster runs a later release than the spec says', [...install('v3.20.6'), ...ENDPOINTS, all], {}],
])('nothing is asked when %s', async (_what, objects, params) => {
  expect((await run(objects, params)).result).toMatchObject({ outcome: 'already' });
});

test('a foreign policy with the name of the temporary one is found before anything changes', async () => {
  const { result } = await run([...install('v3.13.4'), ...ENDPOINTS, foreignPolicy]);
  expect(result).toMatchObject({ outcome: 'failed', exitCode: 10, message: expect.stringContaining('is not the temporary policy') });
});

test('a partial install is left to the step that says what is missing', async () => {
  expect((await run([clusterInformation('v3.13.4'), ...ENDPOINTS, all])).result).toMatchObject({ outcome: 'skipped' });
});
