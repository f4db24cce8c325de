import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { argoHook, examplesOf, hookJob } from './examples.ts';
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
  const dropped = (code: string): (() => Promise<void>) => {
    const bad = trial(`${code}-bad`, asApplication(examplesOf(code).bad));
    const good = trial(`${code}-good`, asApplication(examplesOf(code).good));
    return async () => {
      expect(await hooksOf(bad)).toEqual([]);
      expect(await bad.list('jobs')).toEqual([]);
      expect(await hooksOf(good)).toEqual(['PreSync migrate']);
    };
  };
  it('hook-type-unknown: the Job is never applied, the sync succeeds', dropped('hook-type-unknown'));
  it('hook-type-case: the Job is never applied, the sync succeeds', dropped('hook-type-case'));
  it('helm-hook-not-run-by-argo: the Job is never applied, the sync succeeds', dropped('helm-hook-not-run-by-argo'));

  const misspelled = trial('annotation-misspelled-bad', asApplication(examplesOf('annotation-misspelled').bad));
  const spelled = trial('annotation-misspelled-good', asApplication(examplesOf('annotation-misspelled').good));
  it('annotation-misspelled: it does nothing', async () => {
    for (const one of [misspelled, spelled]) expect(await hooksOf(one)).toEqual(['PreSync migrate']);
    expect(await misspelled.get('jobs', 'migrate')).toBeDefined();
    await spelled.gone('jobs', 'migrate');
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
