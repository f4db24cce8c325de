import type { Migration } from '../contract.ts';
import { confirmed, withMigration, type Ending, type Invocation } from './command.ts';
import { sayNotOpened } from './dry-run.ts';
import { errorObject, explain } from './explain.ts';

/** `complete`: 0 v3 is ready, 1 any failure. */
export function complete(invocation: Invocation): Promise<Ending> {
  return finish(invocation, {
    verb: 'complete',
    notice: 'You are about to complete the upgrade process to Calico v3. At this point, the v1 format data should have been successfully converted to v3 format, and all calico/node instances and orchestrator plugins (e.g. CNI) should be running Calico v3.x.',
    done: 'Successfully completed the upgrade process.',
    work: (migration, options) => migration.complete(options),
  });
}

/** `abort`: 0 v1 goes on, 1 any failure. */
export function abort(invocation: Invocation): Promise<Ending> {
  return finish(invocation, {
    verb: 'abort',
    notice: 'You are about to abort the upgrade process to Calico v3. At this point, all calico/node instances and orchestrator plugins (e.g. CNI) should be running Calico v2.x.',
    done: 'Successfully aborted the upgrade process.',
    work: (migration, options) => migration.abort(options),
  });
}

interface Finish {
  readonly verb: 'complete' | 'abort';
  readonly notice: string;
  readonly done: string;
  readonly work: (migration: Migration, options: Parameters<Migration['abort']>[0]) => Promise<void>;
}

async function finish(invocation: Invocation, { verb, notice, done, work }: Finish): Promise<Ending> {
  const { say, around, options } = invocation;
  let opened = false;
  try {
    return await withMigration(invocation, async (migration, { is }) => {
      opened = true;
      if (is === 'kubernetes' && (verb === 'complete' || (await migration.status()).state.phase === 'none')) {
        // Only marks that there is no way back; nothing of Calico's is changed.
        if (verb === 'complete') await work(migration, { signal: around.signal, force: options.force });
        say.separator();
        say.message(notNecessary(verb));
        say.newLine();
        return { exitCode: 0, result: { ended: 'nothing' } };
      }
      say.newLine();
      say.message(notice);
      say.newLine();
      if (!(await confirmed(invocation))) return { exitCode: 1, result: { ended: 'cancelled' } };
      await work(migration, { signal: around.signal, force: options.force });
      say.separator();
      say.message(done);
      say.newLine();
      return { exitCode: 0, result: { ended: verb === 'complete' ? 'complete' : 'aborted' } };
    });
  } catch (error) {
    if (!opened) sayNotOpened(invocation, error, `Failed to ${verb} the upgrade.`);
    else {
      say.separator();
      say.message(`Failed to ${verb} the upgrade process.`);
      for (const text of explain(error)) say.bullet(text);
      say.newLine();
    }
    return { exitCode: 1, result: { error: errorObject(error) } };
  }
}

/** Upstream's sentence for the Kubernetes datastore. */
export function notNecessary(verb: 'complete' | 'abort'): string {
  return `It is not necessary to ${verb} the upgrade when using Kubernetes API as the datastore. No action was taken.`;
}
