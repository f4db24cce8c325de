import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleJob, stream } from '../../../src/sequencers/lint/example.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { argoHook, examplesOf, runs } from './examples.ts';
import { trial, type Trial } from './trials.ts';

const isGone = (one: Trial): Promise<unknown> => waitFor(`the end of ${one.name}`, async () => !(await one.application()), { seconds: 90 });

/** Hooks of the deletion of an Application. */
export function deleteHooks(): void {
  const left = trial('post-delete-left-behind-bad', stream(EXAMPLE_MARKER, examplesOf('post-delete-left-behind').bad));
  const cleaned = trial('post-delete-left-behind-good', stream(EXAMPLE_MARKER, examplesOf('post-delete-left-behind').good));
  it('post-delete-left-behind: the Job stays, and does not run when the Application is deleted another time without its objects', async () => {
    for (const one of [left, cleaned]) expect((await one.sync()).phase).toBe('Succeeded');
    await Promise.all([left.remove(), cleaned.remove()]);
    await Promise.all([left, cleaned].map(isGone));
    expect((await left.get('jobs', 'migrate')).status.succeeded).toBe(1);
    await cleaned.gone('jobs', 'migrate');
    // Without the finalizer that deletes the objects of the Application, leftovers among them.
    await Promise.all([left.create({ cascade: false }), cleaned.create({ cascade: false })]);
    for (const one of [left, cleaned]) expect((await one.sync()).phase).toBe('Succeeded');
    await Promise.all([left.remove(), cleaned.remove()]);
    await Promise.all([left, cleaned].map(isGone));
    expect([left.creations('jobs', 'migrate'), cleaned.creations('jobs', 'migrate')]).toEqual([1, 2]);
  });

  const hook = (name: string, wave: string, ...args: readonly string[]): string => exampleJob({ name, annotations: argoHook('PostDelete', 'HookSucceeded', `sync-wave: "${wave}"`), ...runs(...args) });
  const waves = trial('wave-on-delete-hook-bad', stream(EXAMPLE_MARKER, hook('first', '1', 'sleep', '600'), hook('second', '2', 'print', 'second')));
  it('wave-on-delete-hook: the second wave runs while the first is not done', async () => {
    expect((await waves.sync()).phase).toBe('Succeeded');
    await waves.remove();
    await waitFor('the second hook', async () => (await waves.get('jobs', 'second'))?.status.succeeded === 1);
    expect((await waves.get('jobs', 'first')).status.completionTime).toBeUndefined();
  });
}
