import { describe, expect, test } from 'vitest';
import { runApprove, type ApproveOptions, type StartNextSync } from '../../../src/cli/approve.ts';
import { CommandFailed } from '../../../src/cli/io.ts';
import type { ConfigMap } from '../../../src/kube/record-config-map.ts';
import { finishRun, noteStep, type Approval } from '../../../src/plan/record.ts';
import { fakeCluster, type FakeCluster } from '../../fake-cluster.ts';
import { manualClock } from '../../fake-context.ts';
import { collectingIo, frozen, marker, recorded, running, waiting } from './recorded.ts';

async function approve(cluster: FakeCluster, options: Partial<ApproveOptions> = {}, startNextSync?: StartNextSync): Promise<string> {
  const io = collectingIo();
  await runApprove({ name: 'calico', by: 'ann', ...options }, io, { cluster, clock: manualClock(Date.UTC(2026, 0, 5)), startNextSync });
  return io.text;
}

function approvalsOn(cluster: FakeCluster): readonly Approval[] {
  return JSON.parse(cluster.find<ConfigMap>('ConfigMap', 'hookwave-calico', 'hookwave-calico').data?.['approvals.json'] ?? '[]') as Approval[];
}

test('a waiting cleanup is approved for its plan, and the next sync is explained', async () => {
  const cluster = fakeCluster([recorded(waiting), marker()]);
  const text = await approve(cluster);
  expect(approvalsOn(cluster)).toEqual([{ what: 'cleanup', plan: 'aaaaaaaa', by: 'ann', at: '2026-01-05T00:00:00.000Z' }]);
  expect(text).toMatch(/^approved: cleanup of plan aaaaaaaa of calico, by ann\nthe next sync acts on it/);
});

test('a frozen plan gets another try', async () => {
  const cluster = fakeCluster([recorded(frozen)]);
  await approve(cluster, { retry: true });
  expect(approvalsOn(cluster)).toMatchObject([{ what: 'retry', plan: 'aaaaaaaa', freeze: frozen.run?.freeze?.at }]);
});

test('the record itself stays as it is', async () => {
  const cluster = fakeCluster([recorded(waiting)]);
  const before = cluster.find<ConfigMap>('ConfigMap', 'hookwave-calico', 'hookwave-calico').data?.['record.json'];
  await approve(cluster);
  expect(cluster.find<ConfigMap>('ConfigMap', 'hookwave-calico', 'hookwave-calico').data?.['record.json']).toBe(before);
});

test('the same again writes nothing, and says who was first', async () => {
  const cluster = fakeCluster([recorded(waiting)]);
  await approve(cluster);
  const text = await approve(cluster, { by: 'bob' });
  expect(cluster.writes).toHaveLength(1);
  expect(text).toContain('cleanup of plan aaaaaaaa was already approved by ann at 2026-01-05T00:00:00.000Z');
});

test('a try that was approved before the freeze has to be approved again', async () => {
  const cluster = fakeCluster([recorded(frozen, [{ what: 'retry', plan: 'aaaaaaaa', by: 'ann', at: '2026-01-01T00:30:00Z' }])]);
  await approve(cluster, { retry: true, by: 'bob' });
  expect(approvalsOn(cluster)).toMatchObject([{ what: 'retry', by: 'bob' }]);
});

const start: StartNextSync = async (_cluster, { metadata }) => `started the sync of ${metadata.name}`;

describe('the next sync', () => {
  test('is started with the marker', async () => {
    expect(await approve(fakeCluster([recorded(waiting), marker()]), {}, start)).toContain('started the sync of hookwave-calico-plan');
  });

  test('is only explained without a marker, or when that is wanted', async () => {
    expect(await approve(fakeCluster([recorded(waiting)]), {}, start)).toContain('the next sync acts on it');
    expect(await approve(fakeCluster([recorded(waiting), marker()]), { sync: false }, start)).toContain('the next sync acts on it');
  });
});

describe('refused, with the reason, and nothing written', () => {
  const cases: readonly [string, FakeCluster, Partial<ApproveOptions>, string][] = [
    ['no record', fakeCluster([marker()]), {}, 'there is no run record of upgrade calico'],
    ['nothing waits', fakeCluster([recorded(running)]), {}, 'nothing of upgrade calico waits for an approval; it is running'],
    ['it is finished', fakeCluster([recorded(finishRun(noteStep(waiting, 'calico-unprotect', { outcome: 'done', message: 'removed', at: '2026-01-02T00:00:00Z', plan: 'aaaaaaaa' }), '2026-01-02T00:00:00Z'))]), {}, 'waits for an approval; it is done'],
    ['cleanup of a frozen one', fakeCluster([recorded({ ...frozen, steps: waiting.steps })]), {}, 'hookwave approve calico --retry'],
    ['another try of one that is not frozen', fakeCluster([recorded(running)]), { retry: true }, 'upgrade calico is not frozen but running'],
    ['two records of the name', fakeCluster([recorded(waiting), recorded(waiting, [], 'other')]), {}, 'choose one with --namespace'],
  ];
  for (const [what, cluster, options, message] of cases) {
    test(what, async () => {
      const error = await approve(cluster, options).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CommandFailed);
      expect((error as Error).message).toContain(message);
      expect(cluster.writes).toEqual([]);
    });
  }
});
