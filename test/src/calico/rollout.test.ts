import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deploymentState } from '../../../src/calico/deployment-rollout.ts';
import { judgeRollout, progressKey, type RolloutTimes } from '../../../src/calico/rollout-verdict.ts';
import { rolloutState, type Rollout } from '../../../src/calico/rollout.ts';
import { CRASHING, daemonSet, deployment, pod, type PodOptions, type RolledOptions } from './objects.ts';

const EXPECTED = { container: 'calico-node', version: 'v3.32.1' };

function state(options: RolledOptions, pods: Readonly<Record<string, PodOptions>> = { a: {}, b: {} }): Rollout {
  const all = Object.entries(pods).map(([name, one]) => pod(name, { version: 'v3.32.1', ...one }));
  return rolloutState(daemonSet({ version: 'v3.32.1', ...options }), all, EXPECTED);
}

describe('rolloutState', () => {
  test('complete: observed, all updated and available, every Pod on the release', () => {
    expect(state({})).toMatchObject({ state: 'complete', desired: 2, onTarget: 2, troubles: [] });
  });

  test.each([
    ['the template is old', { version: 'v3.13.4' }, undefined, 'not-applied'],
    ['the controller has not seen the change', { observedGeneration: 0 }, undefined, 'progressing'],
    ['no node wants a Pod', { desired: 0 }, {}, 'never-scheduled'],
    ['a Pod is not updated', { updated: 1 }, undefined, 'progressing'],
    ['a Pod is not available', { available: 1 }, undefined, 'progressing'],
    ['a Pod still carries the old image', {}, { a: {}, b: { version: 'v3.13.4' } }, 'progressing'],
    ['a Pod is missing from the list', {}, { a: {} }, 'progressing'],
    ['a Pod crashes', { available: 1 }, { a: {}, b: { container: CRASHING } }, 'stuck'],
    ['the strategy replaces nothing', { updated: 0, strategy: 'OnDelete' }, undefined, 'on-delete'],
    ['all Pods were deleted by hand under OnDelete', { strategy: 'OnDelete' }, undefined, 'complete'],
    ['a finished Pod is left over', {}, { a: {}, b: {}, c: { version: 'v3.13.4', phase: 'Failed' } }, 'complete'],
  ] satisfies [string, RolledOptions, Record<string, PodOptions> | undefined, Rollout['state']][])('%s', (_what, options, pods, expected) => {
    expect(state(options, pods).state).toBe(expected);
  });

  test('a release alias counts: v3.24.6 carries images of v3.24.5', () => {
    const rollout = rolloutState(daemonSet({ version: 'v3.24.5', desired: 1 }), [pod('a', { version: 'v3.24.5' })], { container: 'calico-node', version: 'v3.24.6' });
    expect(rollout.state).toBe('complete');
  });

  test('is never complete while any count or image is off', () => {
    const counts = fc.record({ desired: fc.nat(3), updated: fc.nat(3), available: fc.nat(3), observedGeneration: fc.nat(2) });
    fc.assert(
      fc.property(counts, fc.array(fc.constantFrom('v3.32.1', 'v3.13.4', 'latest'), { maxLength: 3 }), (options, versions) => {
        const rollout = state(options, Object.fromEntries(versions.map((version, index) => [`pod-${index}`, { version }])));
        const all = options.desired > 0 && options.updated === options.desired && options.available === options.desired && options.observedGeneration >= 1;
        expect(rollout.state === 'complete').toBe(all && versions.length >= options.desired && versions.every((version) => version === 'v3.32.1'));
      }),
    );
  });

  test('the message names Pod, node, container, reason and last end', () => {
    expect(state({ available: 1 }, { a: {}, b: { container: CRASHING } }).message).toBe(
      '2 of 2 updated, 1 available, 2 of 2 Pods on v3.32.1; Pod b on node-b: container calico-node: CrashLoopBackOff: back-off 40s restarting failed container; last run: exit code 1, Error, 4 restarts',
    );
  });
});

describe('judgeRollout', () => {
  const times: RolloutTimes = { now: 0, movedAt: 0, deadlineAt: 3_600_000, stall: 600_000, settle: 120_000 };
  const progressing = state({ updated: 1 });

  test('waits until the nearer of stall and deadline', () => {
    expect(judgeRollout(progressing, times)).toEqual({ verdict: 'wait', milliseconds: 600_000 });
    expect(judgeRollout(progressing, { ...times, now: 3_500_000, movedAt: 3_400_000 })).toEqual({ verdict: 'wait', milliseconds: 100_000 });
  });

  test('freezes what rolls, at the deadline and when it stands still', () => {
    expect(judgeRollout(progressing, { ...times, now: 3_600_000, movedAt: 3_599_000 })).toMatchObject({ verdict: 'freeze', reason: expect.stringContaining('deadline') });
    expect(judgeRollout(progressing, { ...times, now: 600_000 })).toMatchObject({ verdict: 'freeze', reason: expect.stringContaining('no progress for 600 s') });
  });

  test.each([
    ['no DaemonSet', undefined],
    ['not applied', state({ version: 'v3.13.4' })],
    ['OnDelete', state({ strategy: 'OnDelete', updated: 0 })],
    ['never scheduled', state({ desired: 0 }, {})],
  ])('fails without a freeze after the settle time: %s', (_what, rollout) => {
    expect(judgeRollout(rollout, { ...times, now: 119_999 })).toEqual({ verdict: 'wait', milliseconds: 1 });
    expect(judgeRollout(rollout, { ...times, now: 120_000 }).verdict).toBe('fail');
  });

  test('complete wins over a deadline that has passed', () => {
    expect(judgeRollout(state({}), { ...times, now: 9_999_999 })).toEqual({ verdict: 'complete' });
  });

  test('a restarting container is no progress, a new Pod is', () => {
    const before = state({ available: 1 }, { a: {}, b: {} });
    const crashed = state({ available: 1 }, { a: {}, b: { container: CRASHING } });
    expect(progressKey(crashed, ['1', '2'])).toBe(progressKey(before, ['2', '1']));
    expect(progressKey(before, ['1', '3'])).not.toBe(progressKey(before, ['1', '2']));
  });
});

describe('deploymentState', () => {
  const expected = { container: 'calico-typha', version: 'v3.32.1' };
  test.each([
    ['complete', deployment('calico-typha', 'v3.32.1'), 'complete'],
    ['an old template', deployment('calico-typha', 'v3.13.4'), 'not-applied'],
    ['an unavailable replica', deployment('calico-typha', 'v3.32.1', 0), 'progressing'],
    ['no status yet', { ...deployment('calico-typha', 'v3.32.1'), status: undefined } as never, 'progressing'],
  ])('%s', (_what, object, expectedState) => {
    expect(deploymentState(object, [], expected).state).toBe(expectedState);
  });

  test('an old replica that is left over is not complete', () => {
    const object = deployment('calico-typha', 'v3.32.1');
    expect(deploymentState({ ...object, status: { ...object.status, replicas: 2 } }, [], expected).state).toBe('progressing');
  });
});
