import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { argoHook, examplesOf, hookJob, runs } from './examples.ts';
import { trial, type Trial } from './trials.ts';

const asApplication = (text: string): string => stream(EXAMPLE_MARKER, text);
const hooksOf = async (one: Trial): Promise<readonly string[]> => {
  const { phase, resources } = await one.sync();
  expect(phase).toBe('Succeeded');
  return resources.filter(({ hookType }) => hookType).map(({ hookType, name }) => `${hookType} ${name}`);
};
const waveOf = async (one: Trial, name: string): Promise<number> => ((await one.application()).status.resources.find((found: { name: string }) => found.name === name).syncWave ?? 0);

/** How hook, wave and policy are read. */
export function annotations(): void {
  const pair = (code: string): readonly [bad: Trial, good: Trial] => [trial(`${code}-bad`, asApplication(examplesOf(code).bad)), trial(`${code}-good`, asApplication(examplesOf(code).good))];
  const expectDropped = async ([bad, good]: readonly [Trial, Trial]): Promise<void> => {
    expect(await hooksOf(bad)).toEqual([]);
    expect(await bad.list('jobs')).toEqual([]);
    expect(await hooksOf(good)).toEqual(['PreSync migrate']);
  };
  const [unknownType, wrongCase, notRun] = [pair('hook-type-unknown'), pair('hook-type-case'), pair('helm-hook-not-run-by-argo')];
  it('hook-type-unknown: the Job is never applied, the sync succeeds', () => expectDropped(unknownType));
  it('hook-type-case: the Job is never applied, the sync succeeds', () => expectDropped(wrongCase));
  it('helm-hook-not-run-by-argo: the Job is never applied, the sync succeeds', () => expectDropped(notRun));

  const misspelled = trial('annotation-misspelled-bad', asApplication(examplesOf('annotation-misspelled').bad));
  const spelled = trial('annotation-misspelled-good', asApplication(examplesOf('annotation-misspelled').good));
  it('annotation-misspelled: it does nothing', async () => {
    for (const one of [misspelled, spelled]) expect(await hooksOf(one)).toEqual(['PreSync migrate']);
    expect(await misspelled.get('jobs', 'migrate')).toBeDefined();
    await spelled.gone('jobs', 'migrate');
  });

  const sleeper = (deadline: number, ...more: readonly string[]): string => asApplication(exampleJob({ annotations: argoHook('PreSync', 'BeforeHookCreation', ...more), spec: ['backoffLimit: 0', `activeDeadlineSeconds: ${deadline}`], pod: ['restartPolicy: Never', 'terminationGracePeriodSeconds: 1'], ...runs('sleep', '8') }));
  const unknownKey = trial('annotation-unknown-bad', sleeper(600, 'hook-timeout: 3s'));
  const deadline = trial('annotation-unknown-good', sleeper(3));
  it('annotation-unknown: a hook runs on beyond a timeout that no tool knows; a deadline ends it', async () => {
    expect(await hooksOf(unknownKey)).toEqual(['PreSync migrate']);
    expect((await deadline.sync()).phase).toBe('Failed');
  });

  const misplaced = trial('annotation-misplaced-bad', stream(exampleObject('v1', 'ConfigMap', 'upgrade-plan', [], 'data: {a: b}').replace('metadata:\n', 'metadata:\n  labels: {argocd.argoproj.io/sync-wave: "2"}\n'), onPodTemplate()));
  const placed = trial('annotation-misplaced-good', stream(exampleObject('v1', 'ConfigMap', 'upgrade-plan', ['argocd.argoproj.io/sync-wave: "2"'], 'data: {a: b}'), exampleJob()));
  it('annotation-misplaced: a wave among the labels and a hook on the Pod template do nothing', async () => {
    expect(await hooksOf(misplaced)).toEqual([]);
    expect(await waveOf(misplaced, 'upgrade-plan')).toBe(0);
    expect(await waveOf(misplaced, 'migrate')).toBe(0);
    expect(await hooksOf(placed)).toEqual(['PreSync migrate']);
    expect(await waveOf(placed, 'upgrade-plan')).toBe(2);
  });

  const wave = (value: string): string => exampleObject('v1', 'ConfigMap', 'upgrade-plan', [`argocd.argoproj.io/sync-wave: "${value}"`, 'helm.sh/hook-weight: "7"'], 'data: {a: b}');
  const noWave = trial('wave-not-integer-bad', stream(wave('1.5'), exampleObject('v1', 'ConfigMap', 'plain', ['argocd.argoproj.io/sync-wave: " 3"'])));
  const aWave = trial('wave-not-integer-good', wave('2'));
  it('wave-not-integer: it counts as the weight of Helm, or else as 0', async () => {
    await hooksOf(noWave);
    expect(await waveOf(noWave, 'upgrade-plan')).toBe(7);
    expect(await waveOf(noWave, 'plain')).toBe(0);
    await hooksOf(aWave);
    expect(await waveOf(aWave, 'upgrade-plan')).toBe(2);
  });

  const differ = trial('hook-dialects-disagree-bad', asApplication(examplesOf('hook-dialects-disagree').bad));
  const agree = trial('hook-dialects-disagree-good', asApplication(examplesOf('hook-dialects-disagree').good));
  it("hook-dialects-disagree: Argo CD takes its own phase, and Helm's delete policy acts too", async () => {
    expect(await hooksOf(differ)).toEqual(['PostSync migrate']);
    await differ.gone('jobs', 'migrate');
    expect(await hooksOf(agree)).toEqual(['PreSync migrate']);
    expect(await agree.get('jobs', 'migrate')).toBeDefined();
  });

  const helmHook = (name: string, weight: number, syncWave: number): string =>
    exampleJob({ name, annotations: ['helm.sh/hook: pre-upgrade', `helm.sh/hook-weight: "${weight}"`, `argocd.argoproj.io/sync-wave: "${syncWave}"`, 'argocd.argoproj.io/hook-delete-policy: HookFailed'] });
  const waved = trial('hook-dialects-disagree-waves', asApplication(stream(helmHook('first', 1, 5), helmHook('second', 5, 1))));
  it('hook-dialects-disagree: a Helm hook runs in its sync wave, whatever its weight', async () => {
    expect(await hooksOf(waved)).toEqual(expect.arrayContaining(['PreSync first', 'PreSync second']));
    const [first, second] = await Promise.all(['first', 'second'].map((name) => waved.get('jobs', name)));
    expect(Date.parse(second.status.completionTime)).toBeLessThanOrEqual(Date.parse(first.metadata.creationTimestamp));
  });

  const united = trial('hook-dialects-disagree-policies', asApplication(exampleJob({ annotations: ['helm.sh/hook: pre-upgrade', 'helm.sh/hook-delete-policy: before-hook-creation', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded'] })));
  it("hook-dialects-disagree: a delete policy of Argo CD's acts on a Helm hook too", async () => {
    expect(await hooksOf(united)).toEqual(['PreSync migrate']);
    await united.gone('jobs', 'migrate');
    expect(united.creations('jobs', 'migrate')).toBe(1);
  });

  const unknown = trial('delete-policy-unknown-bad', asApplication(examplesOf('delete-policy-unknown').bad));
  const known = trial('delete-policy-unknown-good', asApplication(examplesOf('delete-policy-unknown').good));
  it('delete-policy-unknown: nothing is deleted, nothing is said', async () => {
    for (const one of [unknown, known]) expect(await hooksOf(one)).toEqual(['PreSync migrate']);
    expect(await unknown.get('jobs', 'migrate')).toBeDefined();
    await known.gone('jobs', 'migrate');
  });

  const both = (policy: string): string => asApplication(hookJob('PreSync,PostSync', { policy }));
  const runsOnce = trial('hook-multi-phase-not-recreated-bad', both('HookSucceeded'));
  const runsTwice = trial('hook-multi-phase-not-recreated-good', both('BeforeHookCreation'));
  it('hook-multi-phase-not-recreated: the Job of two phases is created once, with BeforeHookCreation twice', async () => {
    expect(await hooksOf(runsOnce)).toEqual(['PreSync migrate', 'PostSync migrate']);
    expect(await hooksOf(runsTwice)).toEqual(['PreSync migrate', 'PostSync migrate']);
    expect([runsOnce.creations('jobs', 'migrate'), runsTwice.creations('jobs', 'migrate')]).toEqual([1, 2]);
  });
}

function onPodTemplate(): string {
  const hook = argoHook('PreSync').map((line) => `        ${line}\n`).join('');
  return exampleJob({ annotations: [] }).replace('  template:\n', `  template:\n    metadata:\n      annotations:\n${hook}`);
}
