import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleDaemonSet, exampleJob, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { argoHook, examplesOf, hookJob, runs } from './examples.ts';
import { restartController, trial } from './trials.ts';

const rescue = exampleJob({ name: 'remove-maintenance-mode', annotations: argoHook('SyncFail', 'BeforeHookCreation') });
const endless = stream(EXAMPLE_MARKER, hookJob('PreSync', runs('sleep', '600')), rescue);

/** What the end of a wave waits for. The image of the example DaemonSet can't be had, so that it never gets ready. */
export function order(): void {
  const ungated = trial('final-wave-ungated-bad', examplesOf('final-wave-ungated').bad);
  const gated = trial('final-wave-ungated-good', examplesOf('final-wave-ungated').good);
  it('final-wave-ungated: the sync succeeds while the DaemonSet is not ready; a PostSync hook makes it wait', async () => {
    await gated.start();
    expect((await ungated.sync()).phase).toBe('Succeeded');
    expect((await ungated.get('daemonsets', 'agent')).status).toMatchObject({ desiredNumberScheduled: 1, numberReady: 0 });
    await waitFor('the DaemonSet of the other', () => gated.get('daemonsets', 'agent'));
    expect(await gated.phase()).toBe('Running');
    expect(await gated.get('jobs', 'done')).toBeUndefined();
  });

  const deadlock = trial('completion-job-too-late-bad', examplesOf('completion-job-too-late').bad);
  const inWave = trial('completion-job-too-late-good', examplesOf('completion-job-too-late').good);
  it('completion-job-too-late: the PostSync Job never starts, the Sync hook in the wave does', async () => {
    await deadlock.start();
    await inWave.start();
    await waitFor('the Job in the wave to finish', async () => (await inWave.get('jobs', 'complete'))?.status.succeeded === 1);
    expect(await deadlock.get('daemonsets', 'agent')).toBeDefined();
    expect(await deadlock.get('jobs', 'complete')).toBeUndefined();
    expect(await deadlock.phase()).toBe('Running');
  });

  const after = trial('watch-after-sync-bad', examplesOf('watch-after-sync').bad);
  const beside = trial('watch-after-sync-good', examplesOf('watch-after-sync').good);
  it('watch-after-sync: the PostSync watch never starts while the DaemonSet is stuck, the Sync hook does', async () => {
    await after.start();
    await beside.start();
    await waitFor('the watch in the wave to run', async () => (await beside.get('jobs', 'rollout-watch'))?.status.succeeded === 1);
    expect(await after.get('daemonsets', 'agent')).toBeDefined();
    expect(await after.get('jobs', 'rollout-watch')).toBeUndefined();
    expect(await after.phase()).toBe('Running');
  });

  const onDelete = trial('ondelete-gates-nothing-bad', examplesOf('ondelete-gates-nothing').bad);
  const rolling = trial('ondelete-gates-nothing-good', examplesOf('ondelete-gates-nothing').good);
  it('ondelete-gates-nothing: what follows runs although no Pod is ready; with RollingUpdate it does not', async () => {
    await rolling.start();
    expect((await onDelete.sync()).phase).toBe('Succeeded');
    expect((await onDelete.get('jobs', 'smoke-test')).status.succeeded).toBe(1);
    expect((await onDelete.get('daemonsets', 'agent')).status.numberReady).toBe(0);
    expect(await rolling.get('daemonsets', 'agent')).toBeDefined();
    expect(await rolling.get('jobs', 'smoke-test')).toBeUndefined();
  });

  const failing = { spec: ['backoffLimit: 0', 'activeDeadlineSeconds: 600'], ...runs('exit', '1') };
  const watched = trial('watchdog-in-wave-bad', stream(EXAMPLE_MARKER, exampleDaemonSet(), hookJob('Sync', { name: 'rollout-watch', ...failing }), exampleJob()));
  it('watchdog-in-wave: the sync runs on after the watching Job has failed', async () => {
    await watched.start();
    await waitFor('the watching Job to fail', async () => (await watched.get('jobs', 'rollout-watch'))?.status.failed === 1);
    await waitFor('Argo CD to see it', async () => JSON.stringify((await watched.application()).status.operationState.syncResult).includes('"hookPhase":"Failed"'));
    expect(await watched.phase()).toBe('Running');
    expect((await watched.application()).status.operationState.message).toContain('DaemonSet');
  });

  const next = exampleObject('v1', 'ConfigMap', 'next', ['argocd.argoproj.io/sync-wave: "2"']);
  const resource = exampleObject('operator.tigera.io/v1', 'Installation', 'default', [], 'spec:', '  variant: Calico');
  const gate = exampleJob({ name: 'installation-ready', annotations: argoHook('Sync', 'BeforeHookCreation', 'sync-wave: "1"'), ...runs('sleep', '600') });
  const passed = trial('custom-resource-ungated-bad', stream(EXAMPLE_MARKER, resource, next));
  const held = trial('custom-resource-ungated-good', stream(EXAMPLE_MARKER, resource, gate, next));
  it('custom-resource-ungated: the next wave comes although nobody has acted; a Job between holds it', async () => {
    await held.start();
    expect((await passed.sync()).phase).toBe('Succeeded');
    expect((await passed.get('installations', 'default')).status).toBeUndefined();
    expect(await passed.get('configmaps', 'next')).toBeDefined();
    await waitFor('the Job between', () => held.get('jobs', 'installation-ready'));
    expect(await held.get('configmaps', 'next')).toBeUndefined();
    expect(await held.phase()).toBe('Running');
  });

  const failed = trial('syncfail-cleanup-task', stream(EXAMPLE_MARKER, hookJob('PreSync', failing), rescue));
  const dryRun = trial('syncfail-cleanup-dry-run', stream(EXAMPLE_MARKER, examplesOf('incomplete-object').bad, rescue));
  const kind = trial('syncfail-cleanup-kind', stream(EXAMPLE_MARKER, exampleObject('example.com/v1', 'Unheard', 'of'), rescue));
  const terminated = trial('syncfail-cleanup-terminated', endless);
  const comparison = trial('syncfail-cleanup-comparison', stream(EXAMPLE_MARKER, examplesOf('yaml-error').bad, rescue));
  it('syncfail-cleanup: the hook runs after a failed task, not after a failed dry run, an unknown kind, an error of comparison or a terminated sync', async () => {
    await terminated.start();
    await waitFor('the hook to run', () => terminated.get('jobs', 'migrate'));
    await terminated.terminate();
    for (const one of [failed, dryRun, kind, terminated]) {
      if (one !== terminated) await one.start();
      expect((await one.ended()).phase).toBe('Failed');
      expect(one.creations('jobs', 'remove-maintenance-mode')).toBe(one === failed ? 1 : 0);
    }
    expect(await comparison.sync()).toMatchObject({ phase: 'Error', message: expect.stringContaining('ComparisonError') as string });
    expect(comparison.creations('jobs', 'remove-maintenance-mode')).toBe(0);
    expect((await failed.sync()).phase).toBe('Failed');
    expect(failed.creations('jobs', 'remove-maintenance-mode')).toBe(2);
  });
}

/** A controller whose timeout would end the syncs of other tests. */
export function syncTimeout(): void {
  const timedOut = trial('syncfail-cleanup-timed-out', endless);
  it('syncfail-cleanup: the hook does not run after a sync that has timed out', async () => {
    await restartController('--sync-timeout', '8');
    await timedOut.start();
    // The controller sees that the time is up when something brings it to the application: an event, or its resync.
    const { phase, message } = await waitFor('the end of the sync that has timed out', async () => {
      await timedOut.refresh();
      return timedOut.ended({ seconds: 2 });
    });
    expect([phase, message]).toEqual(['Failed', expect.stringContaining('triggered by controller sync timeout')]);
    expect(timedOut.creations('jobs', 'migrate')).toBe(1);
    expect(timedOut.creations('jobs', 'remove-maintenance-mode')).toBe(0);
  });
}
