import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ApiError, ApiUnavailable } from '../../../src/kube/errors.ts';
import { LockHeld } from '../../../src/kube/lock.ts';
import { execute } from '../../../src/runner/execute.ts';
import { Interrupted } from '../../../src/runner/explain.ts';
import type { Step, StepResult, StepRun } from '../../../src/steps/step.ts';
import { fakeCluster } from '../../fake-cluster.ts';
import { fakeContext, memoryRecord } from '../../fake-context.ts';

function stepOf(run: StepRun): Step {
  return { definition: { name: 'look', summary: 'looks', params: z.object({}), access: () => [] }, run };
}

async function ending(run: StepRun, overrides: Parameters<typeof fakeContext>[1] = {}) {
  const record = memoryRecord();
  const context = fakeContext(fakeCluster(), { record, ...overrides });
  const { exitCode, words } = await execute({ step: stepOf(run), params: {}, context, graceMs: 20 });
  const { events } = context.report as unknown as { events: { event: string; message: string; fields: Record<string, unknown> }[] };
  return { exitCode, words, noted: record.record.steps['look'], last: events.at(-1), events };
}

const returns = (result: StepResult): StepRun => async () => result;
const throws = (error: unknown): StepRun => () => Promise.reject(error);

function throwsAtOnce(): never {
  throw new Error('early');
}

describe('results', () => {
  test('done is 0 and noted', async () => {
    expect(await ending(returns({ outcome: 'done', message: 'labelled 3' }))).toMatchObject({
      exitCode: 0,
      words: 'done: labelled 3',
      noted: { outcome: 'done', message: 'labelled 3', at: '2026-01-01T00:00:00.000Z', plan: 'aaaaaaaa' },
      last: { event: 'step-done', message: 'labelled 3' },
    });
  });

  for (const outcome of ['already', 'skipped'] as const) {
    test(`${outcome} is 0 and writes nothing`, async () => {
      const { exitCode, noted } = await ending(returns({ outcome, message: 'nothing due' }));
      expect([exitCode, noted]).toEqual([0, undefined]);
    });
  }

  for (const outcome of ['already', 'skipped'] as const) {
    test.each([{ outcome: 'failed', next: 'approve', exitCode: 10 }, { outcome: 'failed', next: 'wait', exitCode: 20 }, { outcome: 'blocked', on: 'ann' }] as const)(`${outcome} takes the place of $outcome $exitCode, once`, async (before) => {
      const record = memoryRecord();
      const context = fakeContext(fakeCluster(), { record });
      await execute({ step: stepOf(returns({ message: 'frozen', ...before })), params: {}, context });
      for (const message of ['approved by ann', 'goes on']) await execute({ step: stepOf(returns({ outcome, message })), params: {}, context });
      expect(record.record.steps).toEqual({ look: { outcome, message: 'approved by ann', at: '2026-01-01T00:00:00.000Z', plan: 'aaaaaaaa' } });
      expect(record.changes).toBe(2);
    });

    test(`${outcome} leaves what a step has done in its place`, async () => {
      const record = memoryRecord();
      const context = fakeContext(fakeCluster(), { record });
      await execute({ step: stepOf(returns({ outcome: 'done', message: 'labelled 3' })), params: {}, context });
      await execute({ step: stepOf(returns({ outcome, message: 'nothing due' })), params: {}, context });
      expect([record.record.steps['look']?.message, record.changes]).toEqual(['labelled 3', 1]);
    });
  }

  test('an unrecorded step writes nothing, whatever its result', async () => {
    const record = memoryRecord();
    const run = returns({ outcome: 'failed', message: 'held', next: 'sync', exitCode: 20 });
    const step = { ...stepOf(run), definition: { ...stepOf(run).definition, unrecorded: true } };
    const { exitCode } = await execute({ step, params: {}, context: fakeContext(fakeCluster(), { record }), graceMs: 20 });
    expect([exitCode, record.record.steps]).toEqual([20, {}]);
  });

  test('blocked succeeds, unless the recipe wants it to fail', async () => {
    const waiting = { outcome: 'blocked', message: 'not approved', on: 'hookwave approve calico' } as const;
    expect(await ending(returns(waiting))).toMatchObject({ exitCode: 0, words: 'blocked: not approved; waits for: hookwave approve calico', noted: { outcome: 'blocked', next: 'hookwave approve calico' } });
    expect((await ending(returns({ ...waiting, exitCode: 11 }))).exitCode).toBe(11);
  });

  test('failed has the exit code of its result and says what to do', async () => {
    for (const exitCode of [10, 11, 20, 30] as const) {
      const end = await ending(returns({ outcome: 'failed', message: 'no policy', next: 'add it', exitCode }));
      expect(end).toMatchObject({ exitCode, words: 'failed: no policy; next: add it', noted: { outcome: 'failed', next: 'add it' }, last: { event: 'step-failed', fields: { level: 'error', exitCode } } });
    }
  });
});

describe('errors', () => {
  const cases: readonly [string, unknown, number, boolean][] = [
    ['a held Lease', new LockHeld('held'), 12, false],
    ['an API without an answer', new ApiUnavailable('down'), 20, false],
    ['a conflict', new ApiError(409, 'Conflict', 'moved'), 20, false],
    ['an object made meanwhile', new ApiError(409, 'AlreadyExists', 'there'), 20, false],
    ['a missing right', new ApiError(403, 'Forbidden', 'cannot patch daemonsets'), 10, true],
    ['an invalid object', new ApiError(422, 'Invalid', 'spec.x'), 30, true],
    ['a defect', new TypeError('x is undefined'), 30, true],
    ['something that is no Error', 'text', 30, true],
  ];
  for (const [what, error, exitCode, noted] of cases) {
    test(`${what} is ${exitCode}${noted ? '' : ', and says nothing about the upgrade'}`, async () => {
      const end = await ending(throws(error));
      expect([end.exitCode, end.noted !== undefined]).toEqual([exitCode, noted]);
    });
  }

  test('a missing right is named', async () => {
    expect((await ending(throws(new ApiError(403, 'Forbidden', 'cannot patch daemonsets')))).words).toMatch(/cannot patch daemonsets; next: give the step's ServiceAccount this right/);
  });

  test('only a defect has a stack, in a field of its own', async () => {
    const defect = await ending(throws(new TypeError('x is undefined')));
    expect(defect.last?.fields['debug']).toContain('TypeError: x is undefined\n    at ');
    expect(defect.words).not.toContain('\n    at ');
    expect((await ending(throws(new ApiUnavailable('down')))).last?.fields['debug']).toBeUndefined();
  });

  test('an error before the first await is caught, too', async () => {
    expect((await ending(throwsAtOnce)).exitCode).toBe(30);
  });
});

describe('interruption', () => {
  test('a step that heeds its signal ends as interrupted, whatever it throws', async () => {
    const stop = new AbortController();
    const end = await ending(async (_params, { signal }) => {
      stop.abort(new Interrupted('interrupted'));
      signal.throwIfAborted();
      throw new Error('unreachable');
    }, { signal: stop.signal });
    expect(end).toMatchObject({ exitCode: 20, words: 'failed: interrupted; next: safe to run again', noted: undefined, last: { event: 'step-interrupted' } });
  });

  test('a step that ignores it is given up after the grace', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Interrupted('not finished within 5 s')), 10);
    const end = await ending(() => new Promise(() => undefined), { signal: stop.signal });
    expect(end).toMatchObject({ exitCode: 20, words: 'failed: not finished within 5 s; next: safe to run again' });
  });

  test('a step that finishes its work within the grace keeps its result', async () => {
    const stop = new AbortController();
    const end = await ending(async () => {
      stop.abort(new Interrupted('interrupted'));
      return { outcome: 'done', message: 'frozen' };
    }, { signal: stop.signal });
    expect([end.exitCode, end.noted?.message]).toEqual([0, 'frozen']);
  });
});

test('a step without the right to write the record succeeds with a warning', async () => {
  const record = memoryRecord();
  record.update = () => Promise.reject(new ApiError(403, 'Forbidden', 'cannot update configmaps'));
  const { exitCode, events } = await ending(returns({ outcome: 'done', message: 'fine' }), { record });
  expect(exitCode).toBe(0);
  expect(events.find(({ event }) => event === 'record-failed')).toMatchObject({ fields: { level: 'warn' } });
});

test('the same failure again writes nothing', async () => {
  const record = memoryRecord();
  const context = fakeContext(fakeCluster(), { record });
  const step = stepOf(returns({ outcome: 'failed', message: 'no policy', next: 'add it', exitCode: 10 }));
  await execute({ step, params: {}, context });
  await context.clock.advance(60_000);
  await execute({ step, params: {}, context });
  expect(record.changes).toBe(1);
});
