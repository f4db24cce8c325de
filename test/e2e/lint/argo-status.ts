import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleDaemonSet, exampleJob, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { argoHook, examplesOf, runs } from './examples.ts';
import { trial, type Trial } from './trials.ts';

const syncStatus = async (one: Trial): Promise<string> => (await one.application()).status?.sync?.status;

/** What counts for the sync status, and so starts an automated sync. */
export function statusAndSync(): void {
  const automated = { automated: { prune: true } };
  const hooksOnly = trial('hook-only-app-bad', examplesOf('hook-only-app').bad, automated);
  const withMarker = trial('hook-only-app-good', examplesOf('hook-only-app').good, automated);
  it('hook-only-app: an automated sync never starts', async () => {
    expect((await withMarker.ended()).phase).toBe('Succeeded');
    expect(withMarker.creations('jobs', 'migrate')).toBe(1);
    await hooksOnly.refresh();
    expect(await syncStatus(hooksOnly)).toBe('Synced');
    expect(await hooksOnly.phase()).toBeUndefined();
    expect(await hooksOnly.list('jobs')).toEqual([]);
  });

  const account = exampleObject('v1', 'ServiceAccount', 'agent');
  const hook = (word: string): string => exampleJob({ annotations: argoHook('PreSync', 'BeforeHookCreation'), ...runs('print', word) });
  const unseen = trial('no-marker-bad', stream(hook('one'), account), automated);
  const seen = trial('no-marker-good', stream(hook('one'), account, EXAMPLE_MARKER), automated);
  it('no-marker: a commit that changes only hooks starts no sync; one that changes the marker does', async () => {
    for (const one of [unseen, seen]) expect((await one.ended()).phase).toBe('Succeeded');
    await unseen.commit(stream(hook('two'), account));
    await seen.commit(stream(hook('two'), account, EXAMPLE_MARKER.replace('0a1b', '1b0a')));
    await Promise.all([unseen.refresh(), seen.refresh()]);
    await waitFor('the second run', () => seen.creations('jobs', 'migrate') === 2);
    expect(await syncStatus(unseen)).toBe('Synced');
    expect(unseen.creations('jobs', 'migrate')).toBe(1);
  });

  const guarded = exampleDaemonSet({ pod: ['initContainers: [{name: guard, image: "registry.example.com/migrate:1.2.3"}]'] });
  const healing = (workload: string): string => stream(EXAMPLE_MARKER, hook('one'), workload);
  const skipped = trial('self-heal-skips-hooks-bad', healing(exampleDaemonSet()), { automated: { selfHeal: true }, pinned: true });
  const held = trial('self-heal-skips-hooks-good', healing(guarded), { automated: { selfHeal: true }, pinned: true });
  it('self-heal-skips-hooks: the workload is applied again without the PreSync hook; its init container runs all the same', async () => {
    for (const one of [skipped, held]) {
      expect((await one.ended()).phase).toBe('Succeeded');
      await one.patch('daemonsets', 'agent', { spec: { template: { spec: { initContainers: null, containers: [{ name: 'agent', image: 'registry.example.com/agent:drifted' }] } } } });
      await waitFor('the image of Git', async () => (await one.get('daemonsets', 'agent')).metadata.generation === 3 && !JSON.stringify((await one.get('daemonsets', 'agent')).spec).includes('drifted'), { seconds: 60 });
      expect(one.creations('jobs', 'migrate')).toBe(1);
    }
    await waitFor('the guard of a Pod', async () => (await held.list('pods')).some(({ status }) => status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode === 0));
  });

  const job = (...spec: readonly string[]): string => stream(EXAMPLE_MARKER, exampleJob({ name: 'verify-0a1b2c3d', annotations: [], spec: ['backoffLimit: 1', ...spec] }));
  const gone = trial('tracked-job-ttl-bad', job('ttlSecondsAfterFinished: 0'));
  const healed = trial('tracked-job-ttl-healed', job('ttlSecondsAfterFinished: 0'), { automated: { selfHeal: true } });
  const stays = trial('tracked-job-ttl-good', job());
  it('tracked-job-ttl: the application is OutOfSync when the Job is gone; self-heal runs it again', async () => {
    for (const one of [gone, stays]) expect((await one.sync()).phase).toBe('Succeeded');
    await waitFor('OutOfSync', async () => (await syncStatus(gone)) === 'OutOfSync');
    await waitFor('the Job to finish', async () => (await stays.get('jobs', 'verify-0a1b2c3d')).status.succeeded === 1);
    expect(await syncStatus(stays)).toBe('Synced');
    await waitFor('another run', () => healed.creations('jobs', 'verify-0a1b2c3d') > 1, { seconds: 60 });
  });
}
