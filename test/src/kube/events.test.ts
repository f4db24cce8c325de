import { expect, test } from 'vitest';
import { ApiError } from '../../../src/kube/errors.ts';
import { emitEvent } from '../../../src/kube/events.ts';
import { fakeCluster } from '../../fake-cluster.ts';
import { fakeContext } from '../../fake-context.ts';

const daemonSet = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'calico-node', namespace: 'kube-system', uid: 'u1' } };
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'u2' } };

test('an event stands in the namespace of its object; for a cluster-scoped one that is default', async () => {
  const cluster = fakeCluster();
  const context = fakeContext(cluster);
  await emitEvent(context, { regarding: daemonSet, reason: 'RolloutFrozen', note: 'n1 is not ready', type: 'Warning' });
  await emitEvent(context, { regarding: node, reason: 'NodeLabelled', note: 'x'.repeat(5000) });
  const [onNode, onDaemonSet] = cluster.all<{ apiVersion: string; kind: string; metadata: { name: string; namespace: string }; type: string; note: string; regarding: object; reportingInstance: string }>('Event');
  expect(onDaemonSet).toMatchObject({ metadata: { namespace: 'kube-system' }, type: 'Warning', note: 'n1 is not ready', regarding: { kind: 'DaemonSet', uid: 'u1' }, reportingInstance: 'runner-0' });
  expect(onNode).toMatchObject({ metadata: { namespace: 'default' }, type: 'Normal' });
  expect(onNode?.note.length).toBeLessThanOrEqual(1024);
});

test('an event that is refused is reported, not thrown', async () => {
  const cluster = fakeCluster();
  const context = fakeContext(cluster);
  cluster.onWrite = () => {
    throw new ApiError(403, 'Forbidden', 'cannot create events');
  };
  await emitEvent(context, { regarding: node, reason: 'NodeLabelled', note: '' });
  expect(context.report.events).toMatchObject([{ event: 'event-failed', message: expect.stringContaining('cannot create events') }]);
});
