import { expect, test } from 'vitest';
import { ApiUnavailable } from '../../../../src/kube/errors.ts';
import { calicoDiagnose } from '../../../../src/steps/calico/calico-diagnose.ts';
import { runCalicoDiagnose } from '../../../../src/steps/calico/calico-diagnose.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext } from '../../../fake-context.ts';
import { CRASHING, clusterInformation, daemonSet, install, pod } from '../../calico/objects.ts';

const PARAMS = calicoDiagnose.params.parse({ from: 'v3.13.4', to: 'v3.32.1' });

test('notes rollout, reasons and last log lines, and changes nothing else', async () => {
  const cluster = fakeCluster([daemonSet({ version: 'v3.32.1', updated: 1, available: 1 }), pod('a', { version: 'v3.32.1', container: CRASHING }), pod('b'), clusterInformation('v3.32.1')]);
  cluster.podLogs.set('kube-system/a/calico-node', Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n'));
  const context = fakeContext(cluster);
  expect((await runCalicoDiagnose(PARAMS, context)).outcome).toBe('done');
  const note = context.record.record.steps['calico-diagnose'];
  expect(note).toMatchObject({ outcome: 'done', plan: 'aaaaaaaa', message: expect.stringContaining('rollout stuck: 1 of 2 updated') });
  expect(note?.message).toContain('CrashLoopBackOff');
  expect(note?.message).toContain('  | line 49');
  expect(note?.message).not.toContain('line 29\n');
  expect(cluster.writes).toEqual([]);
  expect(context.record.record.run).toBeUndefined();
});

test('the note stays small, however much there is to say', async () => {
  const pods = Array.from({ length: 50 }, (_, index) => pod(`pod-${index}`, { version: 'v3.32.1', container: CRASHING }));
  const cluster = fakeCluster([daemonSet({ version: 'v3.32.1', desired: 50, available: 0 }), ...pods, clusterInformation('v3.32.1')]);
  for (const one of pods) cluster.podLogs.set(`kube-system/${one.metadata.name}`, 'x'.repeat(100_000));
  const context = fakeContext(cluster);
  await runCalicoDiagnose(PARAMS, context);
  const { message } = context.record.record.steps['calico-diagnose']!;
  expect(message.length).toBeLessThanOrEqual(4000);
  expect(message.match(/CrashLoopBackOff/g)!.length).toBeGreaterThanOrEqual(3);
});

test('a second run with nothing new writes nothing', async () => {
  const context = fakeContext(fakeCluster(install('v3.32.1')));
  await runCalicoDiagnose(PARAMS, context);
  await runCalicoDiagnose(PARAMS, context);
  expect(context.record.changes).toBe(1);
});

function down(): Promise<never> {
  return Promise.reject(new ApiUnavailable('connection refused'));
}

test('ends well even where nothing answers', async () => {
  const cluster = fakeCluster();
  const context = fakeContext({ ...cluster, get: down, groups: down });
  expect(await runCalicoDiagnose(PARAMS, context)).toMatchObject({ outcome: 'done', message: expect.stringContaining('could not look: connection refused') });
  const deaf = fakeContext(fakeCluster(), { record: { ...context.record, read: down, update: down } });
  expect(await runCalicoDiagnose(PARAMS, deaf)).toMatchObject({ outcome: 'done', message: expect.stringContaining('could not write the run record') });
});
