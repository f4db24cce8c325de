import { describe, expect, test } from 'vitest';
import { beginRun, emptyRecord, finishRun, freezeRun, type Approval, type RunRecord } from '../../../../src/plan/record.ts';
import { runPlanGate } from '../../../../src/steps/common/plan-gate.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext, memoryRecord } from '../../../fake-context.ts';

const FROZEN_AT = '2026-01-02T00:00:00Z';
const running = beginRun(emptyRecord('calico'), { plan: 'aaaaaaaa', from: 'v1', to: 'v2', startedAt: '2026-01-01T00:00:00Z', startVersion: 'v1' });
const frozen = freezeRun(running, { reason: 'n1 not ready', at: FROZEN_AT, workload: 'kube-system/calico-node', strategy: {} });

async function gate(record: RunRecord, wish: { from: string; to: string; plan?: string }, approvals: Approval[] = []) {
  const store = memoryRecord('calico', record);
  store.approvals = approvals;
  const cluster = fakeCluster();
  const identity = { upgrade: 'calico', namespace: 'hookwave-calico', plan: wish.plan ?? 'bbbbbbbb' };
  const context = fakeContext(cluster, { record: store, identity });
  const result = await runPlanGate({ from: wish.from, to: wish.to }, context);
  expect([cluster.writes, store.changes, context.lock.held]).toEqual([[], 0, 0]);
  return result;
}

const retry = (plan: string, at: string): Approval => ({ what: 'retry', plan, by: 'ann', at });

test('no record, and a finished run, let every plan through', async () => {
  expect((await gate(emptyRecord('calico'), { from: 'v1', to: 'v2' })).outcome).toBe('already');
  expect((await gate(finishRun(running, FROZEN_AT), { from: 'v8', to: 'v9' })).outcome).toBe('already');
});

describe('the same plan', () => {
  const wish = { from: 'v1', to: 'v2', plan: 'aaaaaaaa' };

  test('running goes on', async () => {
    expect((await gate(running, wish)).outcome).toBe('already');
  });

  test('frozen fails without retry, and says why and what to do', async () => {
    expect(await gate(frozen, wish)).toEqual({
      outcome: 'failed',
      exitCode: 10,
      message: `plan aaaaaaaa is frozen since ${FROZEN_AT} at kube-system/calico-node: n1 not ready`,
      next: 'commit a fix, or run `hookwave approve calico --retry`',
    });
  });

  test('frozen goes on with an approval that is newer than the freeze', async () => {
    expect((await gate(frozen, wish, [retry('aaaaaaaa', '2026-01-02T00:00:01Z')])).outcome).toBe('already');
  });

  test('an approval that names its freeze counts for that one alone, whatever the clocks say', async () => {
    expect((await gate(frozen, wish, [{ ...retry('aaaaaaaa', '2025-01-01T00:00:00Z'), freeze: FROZEN_AT }])).outcome).toBe('already');
    expect((await gate(frozen, wish, [{ ...retry('aaaaaaaa', '2027-01-01T00:00:00Z'), freeze: '2026-01-01T00:00:00Z' }])).outcome).toBe('failed');
  });

  test('an approval that is older, of another plan, or of a cleanup does not count', async () => {
    for (const approval of [retry('aaaaaaaa', '2026-01-01T23:59:59Z'), retry('bbbbbbbb', '2026-01-03T00:00:00Z'), { ...retry('aaaaaaaa', '2026-01-03T00:00:00Z'), what: 'cleanup' as const }]) {
      expect((await gate(frozen, wish, [approval])).outcome).toBe('failed');
    }
  });
});

describe('another plan, while a run is unfinished', () => {
  for (const [state, record] of [['running', running], ['frozen', frozen]] as const) {
    test(`${state}: a revert, a mended plan and one from the same start go on`, async () => {
      for (const [from, to, word] of [['v2', 'v1', 'reverts'], ['v9', 'v2', 'mends'], ['v1', 'v3', 'replaces']] as const) {
        const result = await gate(record, { from, to });
        expect([result.outcome, result.message]).toEqual(['already', expect.stringContaining(word)]);
      }
    });

    test(`${state}: one that begins and ends elsewhere fails`, async () => {
      expect(await gate(record, { from: 'v2', to: 'v3' })).toMatchObject({ outcome: 'failed', exitCode: 10, message: expect.stringContaining('plan aaaaaaaa from v1 to v2'), next: expect.stringContaining('goes to v2') });
    });
  }
});
