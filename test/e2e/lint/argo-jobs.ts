import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleJob, stream } from '../../../src/sequencers/lint/example.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { argoHook, examplesOf, hookJob, runs } from './examples.ts';
import { trial } from './trials.ts';

const asApplication = (job: string): string => stream(EXAMPLE_MARKER, job);

/** Hooks that run for ever, or end in a way that Argo CD does not see. */
export function jobs(): void {
  const hanging = (...spec: readonly string[]): string => asApplication(hookJob('PreSync', { spec: ['backoffLimit: 1', ...spec], pod: ['restartPolicy: Never', 'serviceAccountName: nobody'] }));
  const forEver = trial('hook-job-no-deadline-bad', hanging());
  const ends = trial('hook-job-no-deadline-good', hanging('activeDeadlineSeconds: 4'));
  it('hook-job-no-deadline: a Job without Pods keeps the sync running; a deadline ends it', async () => {
    await Promise.all([forEver.start(), ends.start()]);
    expect((await ends.ended()).phase).toBe('Failed');
    expect(await forEver.phase()).toBe('Running');
    expect((await forEver.get('jobs', 'migrate')).status.conditions).toBeUndefined();
  });

  const needs = { account: { pod: ['restartPolicy: Never', 'serviceAccountName: migrate'] }, configmap: { container: ['envFrom: [{configMapRef: {name: settings}}]'] } };
  for (const [what, options] of Object.entries(needs)) {
    const missing = trial(`reference-not-found-${what}`, asApplication(hookJob('PreSync', options)));
    it(`reference-not-found: without its ${what} the hook does not start, and the sync runs on`, async () => {
      await missing.start();
      await waitFor('the good one', async () => (await found.phase()) === 'Succeeded');
      await waitFor('the Job', () => missing.get('jobs', 'migrate'));
      const pods = await missing.list('pods');
      expect(pods.map(({ status }) => status.phase)).toEqual(what === 'account' ? [] : ['Pending']);
      expect(await missing.phase()).toBe('Running');
    });
  }
  const found = trial('reference-not-found-good', examplesOf('reference-not-found').good);
  it('reference-not-found: with its account one wave earlier the hook ends', async () => {
    expect((await found.sync()).phase).toBe('Succeeded');
    expect(found.creations('jobs', 'migrate')).toBe(1);
  });

  const unmounted = trial('reference-not-found-unmounted', asApplication(hookJob('PreSync', { pod: ['restartPolicy: Never', 'volumes: [{name: data, configMap: {name: settings}}]'] })));
  it('reference-not-found: a volume that no container mounts is not needed', async () => {
    expect((await unmounted.sync()).phase).toBe('Succeeded');
  });

  const late = trial('reference-too-late-bad', examplesOf('reference-too-late').bad);
  const inTime = trial('reference-too-late-good', examplesOf('reference-too-late').good);
  it('reference-too-late: the PreSync Job waits for an account that the sync applies after it', async () => {
    await late.start();
    expect((await inTime.sync()).phase).toBe('Succeeded');
    await waitFor('the Job', () => late.get('jobs', 'migrate'));
    expect(await late.phase()).toBe('Running');
    expect(await late.list('pods')).toEqual([]);
    expect(await late.get('serviceaccounts', 'migrate')).toBeUndefined();
  });

  const suspended = trial('hook-job-suspended-bad', asApplication(exampleJob({ annotations: argoHook('PreSync', 'BeforeHookCreation'), spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 600', 'suspend: true'], ...runs('sleep', '600') })));
  const resumed = trial('hook-job-suspended-good', asApplication(examplesOf('hook-job-suspended').good));
  it('hook-job-suspended: the sync waits; when the Job is resumed the sync goes on without waiting for its end', async () => {
    await suspended.start();
    expect((await resumed.sync()).phase).toBe('Succeeded');
    await waitFor('the condition', async () => (await suspended.get('jobs', 'migrate'))?.status.conditions?.length === 1);
    expect(await suspended.phase()).toBe('Running');
    await suspended.patch('jobs', 'migrate', { spec: { suspend: false } });
    expect((await suspended.ended()).phase).toBe('Succeeded');
    expect((await suspended.get('jobs', 'migrate')).status.completionTime).toBeUndefined();
  });

  const ttl = (seconds: number): string => asApplication(exampleJob({ annotations: argoHook('PreSync', 'BeforeHookCreation'), spec: ['backoffLimit: 1', 'activeDeadlineSeconds: 600', `ttlSecondsAfterFinished: ${seconds}`] }));
  const short = trial('hook-job-ttl-too-short-bad', ttl(0));
  const long = trial('hook-job-ttl-too-short-good', ttl(3600));
  it('hook-job-ttl-too-short: the Job and its logs are gone when the sync has ended', async () => {
    expect((await short.sync()).phase).toBe('Succeeded');
    expect((await long.sync()).phase).toBe('Succeeded');
    await waitFor('the Job to be gone', async () => !(await short.get('jobs', 'migrate')));
    expect(await long.get('jobs', 'migrate')).toBeDefined();
  });
}
