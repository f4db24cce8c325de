import { isAbsolute, join } from 'node:path';
import type { Invocation } from '../commands/command.ts';
import { sayTo } from '../commands/say.ts';
import { start } from '../commands/start.ts';
import type { Surroundings } from '../commands/surroundings.ts';
import { isTransientReason } from '../transient.ts';
import { announcer, ending, guarded, notNeeded, type Guard, type HookEnding } from './guard.ts';
import { copyReports, hookReports } from './hook-reports.ts';

const FAILED = 'the migration did not succeed; review the output above, then see "abort" and "start" in the reference';

/**
 * Holds calico-node until the data are migrated, and migrates them if nobody else does. 0: there is nothing (more) to do, or it has been done here;
 * 1: it failed. SIGTERM while it migrates: v1 goes on.
 */
export function nodeInit(around: Surroundings): Promise<HookEnding> {
  return guarded(around, async (guard) => {
    const announce = announcer(around);
    let failingSince: number | undefined;
    while (true) {
      const { needed, inProgress, state } = await guard.status();
      if (!needed) return notNeeded(around);
      if (inProgress) {
        announce(`Migration is in progress${state.owner === undefined ? '' : ` (${state.owner})`}. Waiting for its end.`);
        if (!(await guard.pause())) return ending(around, tooLong(guard, state.owner));
        continue;
      }
      const attempt = await startOnce(around, guard);
      if (attempt.exitCode === 0 || around.signal.aborted) return finish(around, attempt);
      failingSince ??= Date.now();
      const passing = (attempt.reason === 'held' || isTransientReason(attempt.reason)) && Date.now() - failingSince < guard.options.retrySeconds * 1000;
      // Somebody else may have finished it between the look and the try.
      const after = await guard.status();
      if (after.needed && !after.inProgress && !passing) return finish(around, attempt);
      if (!(await guard.pause())) return finish(around, attempt);
    }
  });
}

interface Attempt {
  readonly exitCode: number;
  readonly reason?: string | undefined;
  /** What start has said, and the reports. */
  readonly print: () => Promise<void>;
  readonly lastLines: string;
}

async function startOnce(around: Surroundings, { options }: Guard): Promise<Attempt> {
  let output = '';
  const say = sayTo((text) => void (output += text));
  const dir = options.migrate.outputDir ?? (around.env['REPORT_DIR'] || 'migration-output');
  const reports = await hookReports(isAbsolute(dir) ? dir : join(around.cwd ?? around.tmpdir, dir), around);
  const invocation: Invocation = { options: options.migrate, say, around, reports };
  const { exitCode, result } = await start(invocation);
  const { error } = result as { readonly error?: { readonly reason?: string } };
  return {
    exitCode,
    reason: error?.reason,
    lastLines: output.trim().split('\n').slice(-LAST_LINES).join('\n'),
    async print() {
      await copyReports(reports, around);
      around.out(`=== Migration output ===\n${output}`);
    },
  };
}

const LAST_LINES = 20;

async function finish(around: Surroundings, attempt: Attempt): Promise<HookEnding> {
  await attempt.print();
  if (attempt.exitCode === 0) return { exitCode: 0, words: 'Successfully migrated Calico v1 data to v3 format.' };
  around.out(`The status returned by the migration was ${attempt.exitCode}: ${FAILED}\n`);
  return { exitCode: 1, words: attempt.lastLines };
}

function tooLong({ options }: Guard, owner: string | undefined): string {
  return `The migration of ${owner ?? 'another tool'} has not ended within ${options.deadlineSeconds} s (HOOKWAVE_DEADLINE_SECONDS); look at that Pod, or abort if it is gone`;
}
