import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { argoHook, examplesOf, hookJob, runs } from './examples.ts';
import { trial, type Trial } from './trials.ts';

const uid = async (one: Trial, plural: Parameters<Trial['get']>[0], name: string): Promise<string | undefined> => (await one.get(plural, name))?.metadata.uid;

/** What is deleted, created again, or met again by the next sync. */
export function policies(): void {
  const failing = (policy: string, word = 'exit'): string => stream(EXAMPLE_MARKER, hookJob('PreSync', { policy, spec: ['backoffLimit: 0', 'activeDeadlineSeconds: 600'], ...runs(word, '1') }));
  const met = trial('hook-job-not-recreated-bad', failing('HookSucceeded'));
  const anew = trial('hook-job-not-recreated-good', failing('BeforeHookCreation,HookSucceeded'));
  it('hook-job-not-recreated: the failed Job of the last sync fails the next one, unchanged or mended', async () => {
    for (const one of [met, anew]) expect((await one.sync()).phase).toBe('Failed');
    const left = await uid(met, 'jobs', 'migrate');
    expect((await met.sync()).phase).toBe('Failed');
    expect(await uid(met, 'jobs', 'migrate')).toBe(left);
    expect(met.creations('jobs', 'migrate')).toBe(1);
    await met.commit(failing('HookSucceeded', 'print'));
    expect(JSON.stringify(await met.sync())).toContain('field is immutable');
    await anew.commit(failing('BeforeHookCreation,HookSucceeded', 'print'));
    expect((await anew.sync()).phase).toBe('Succeeded');
    expect(anew.creations('jobs', 'migrate')).toBe(2);
  });

  const account = (code: 'bad' | 'good'): string => stream(EXAMPLE_MARKER, examplesOf('hook-default-policy')[code]);
  const recreated = trial('hook-default-policy-bad', account('bad'));
  const gone = trial('hook-default-policy-good', account('good'));
  const ordinary = trial('hook-default-policy-ordinary', stream(EXAMPLE_MARKER, exampleObject('v1', 'ServiceAccount', 'migrate')));
  it('hook-default-policy: each sync makes another account under the same name', async () => {
    const seen: (string | undefined)[][] = [];
    for (const one of [recreated, gone, ordinary]) {
      const uids: (string | undefined)[] = [];
      for (let round = 0; round < 2; round++) {
        expect((await one.sync()).phase).toBe('Succeeded');
        if (one === gone) await gone.gone('serviceaccounts', 'migrate');
        uids.push(await uid(one, 'serviceaccounts', 'migrate'));
      }
      seen.push(uids);
    }
    expect(seen[0]?.[0]).toBeDefined();
    expect(seen[0]?.[1]).not.toBe(seen[0]?.[0]);
    expect(seen[1]).toEqual([undefined, undefined]);
    expect(seen[2]?.[0]).toBeDefined();
    expect(seen[2]?.[1]).toBe(seen[2]?.[0]);
  });

  const failsLater = hookJob('PostSync', { spec: ['backoffLimit: 0', 'activeDeadlineSeconds: 600'], ...runs('exit', '1') });
  const cut = trial('hook-recreates-state-bad', stream(EXAMPLE_MARKER, examplesOf('hook-recreates-state').bad, failsLater));
  const stays = trial('hook-recreates-state-good', stream(EXAMPLE_MARKER, examplesOf('hook-recreates-state').good, failsLater));
  const deleted = exampleObject('v1', 'ServiceAccount', 'migrate', ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: HookFailed']);
  const lost = trial('hook-failed-deletes', stream(EXAMPLE_MARKER, deleted, failsLater));
  it('hook-recreates-state: HookFailed takes a hook that has succeeded, because another one has failed', async () => {
    const succeeded = expect.objectContaining({ kind: 'ServiceAccount', hookPhase: 'Succeeded' }) as object;
    expect(await lost.sync()).toMatchObject({ phase: 'Failed', resources: expect.arrayContaining([succeeded]) as object[] });
    await lost.gone('serviceaccounts', 'migrate');
  });

  it('hook-recreates-state: a retry deletes the policy before it is created again; with HookSucceeded it stays until the sync succeeds', async () => {
    const seen: (string | undefined)[] = [];
    for (const one of [cut, stays]) {
      for (let round = 0; round < 2; round++) {
        expect((await one.sync()).phase).toBe('Failed');
        seen.push(await uid(one, 'networkpolicies', 'allow-all'));
      }
    }
    expect(seen.filter((one) => one === undefined)).toEqual([]);
    expect(seen[1]).not.toBe(seen[0]);
    expect(seen[3]).toBe(seen[2]);
  });

  const changed = (name: string, tag: string): string => stream(EXAMPLE_MARKER, exampleJob({ name, annotations: [], ...runs('print', tag) }));
  const fixed = trial('tracked-job-fixed-name-bad', changed('verify', 'one'));
  const digest = trial('tracked-job-fixed-name-good', changed('verify-0a1b2c3d', 'one'));
  it('tracked-job-fixed-name: a changed template fails as immutable, under another name it runs', async () => {
    for (const one of [fixed, digest]) expect((await one.sync()).phase).toBe('Succeeded');
    await fixed.commit(changed('verify', 'two'));
    await digest.commit(changed('verify-4e5f6a7b', 'two'));
    expect(await fixed.sync()).toMatchObject({ phase: 'Failed', message: expect.any(String) as string, resources: expect.arrayContaining([expect.objectContaining({ kind: 'Job', message: expect.stringContaining('field is immutable') as string })]) as object[] });
    expect((await digest.sync()).phase).toBe('Succeeded');
  });

  const replaced = trial('hook-replace-force-bad', stream(EXAMPLE_MARKER, exampleJob({ annotations: argoHook('PreSync', 'HookFailed', 'sync-options: Replace=true') })));
  const applied = trial('hook-replace-force-good', stream(EXAMPLE_MARKER, exampleJob({ annotations: argoHook('PreSync', 'BeforeHookCreation') })));
  it('hook-replace-force: a Job that is still there cannot be replaced', async () => {
    for (const one of [replaced, applied]) expect((await one.sync()).phase).toBe('Succeeded');
    expect(await replaced.sync()).toMatchObject({ phase: 'Failed', message: expect.stringMatching(/error when replacing.*field is immutable/s) as string });
    expect((await applied.sync()).phase).toBe('Succeeded');
  });

  const forcing = (word: string): string => stream(EXAMPLE_MARKER, exampleJob({ annotations: argoHook('PreSync', 'HookFailed', 'sync-options: Force=true'), ...runs('print', word) }));
  const forced = trial('hook-replace-force-forced', forcing('one'));
  it('hook-replace-force: with Force alone an unchanged hook does not run again; a changed one is deleted and created', async () => {
    for (let round = 0; round < 2; round++) expect((await forced.sync()).phase).toBe('Succeeded');
    expect(forced.creations('jobs', 'migrate')).toBe(1);
    await forced.commit(forcing('two'));
    const result = await forced.sync();
    expect(result.phase, result.message).toBe('Succeeded');
    expect(forced.creations('jobs', 'migrate')).toBe(2);
  });
}
