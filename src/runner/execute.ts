import { setTimeout as sleep } from 'node:timers/promises';
import { noteStep, type StepRecord } from '../plan/record.ts';
import type { Step, StepContext, StepResult } from '../steps/step.ts';
import { explain, Interrupted } from './explain.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

export interface Execution {
  readonly step: Step;
  readonly params: Readonly<Record<string, unknown>>;
  readonly context: StepContext;
  /** How long a step that was told to stop may take to let go, in milliseconds. @default 20000 */
  readonly graceMs?: number;
}

export interface Ending {
  readonly exitCode: ExitCode;
  /** For the termination message. */
  readonly words: string;
}

/** Runs a step, reports its result, notes it in the run record and gives the exit code. Never throws. */
export async function execute({ step, params, context, graceMs = 20_000 }: Execution): Promise<Ending> {
  const { name } = step.definition;
  context.report.event('step-started', name, { params });
  try {
    const result = await orInterrupted(step.run(params, context), context.signal, graceMs);
    const { exitCode, words } = endingOf(result);
    await note(context, step, result);
    const fields = 'next' in result ? { next: result.next } : 'on' in result ? { on: result.on } : {};
    context.report.event(`step-${result.outcome}`, result.message, { ...fields, exitCode, ...(result.outcome === 'failed' ? { level: 'error' } : {}) });
    return { exitCode, words };
  } catch (error) {
    return failed(error, context, step);
  }
}

/** Gives a step that ignores its signal up after the grace. */
async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal, graceMs: number): Promise<T> {
  const finished = new AbortController();
  const interruption = new Promise<never>((_resolve, reject) => {
    const wait = (): void => void sleep(graceMs, undefined, { signal: finished.signal }).then(() => reject(signal.reason as Error), () => undefined);
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true, signal: finished.signal });
  });
  try {
    return await Promise.race([work, interruption]);
  } finally {
    finished.abort();
  }
}

function endingOf(result: StepResult): Ending {
  const words = `${result.outcome}: ${result.message}`;
  if (result.outcome === 'failed') return { exitCode: result.exitCode, words: `${words}; next: ${result.next}` };
  if (result.outcome === 'blocked') return { exitCode: result.exitCode ?? EXIT.ok, words: `${words}; waits for: ${result.on}` };
  return { exitCode: EXIT.ok, words };
}

async function failed(error: unknown, context: StepContext, step: Step): Promise<Ending> {
  const { exitCode, message, next, lasting } = explain(error, context.signal);
  const isInterrupted = context.signal.reason instanceof Interrupted;
  if (lasting) await note(context, step, { outcome: 'failed', message, next, exitCode: exitCode === EXIT.precondition ? EXIT.precondition : EXIT.failed });
  const debug = error instanceof Error && exitCode === EXIT.failed ? { debug: error.stack } : {};
  context.report.event(isInterrupted ? 'step-interrupted' : 'step-failed', message, { level: 'error', next, exitCode, ...debug });
  return { exitCode, words: `failed: ${message}; next: ${next}` };
}

/** Best effort: a step without the right to write the run record (403) has its result in the log and in the Job. */
async function note({ record, clock, identity, report }: StepContext, { definition: { name, unrecorded = false } }: Step, result: StepResult): Promise<void> {
  if (unrecorded) return;
  const { outcome, message } = result;
  const next = result.outcome === 'failed' ? { next: result.next } : result.outcome === 'blocked' ? { next: result.on } : {};
  const entry: StepRecord = { outcome, message, ...next, at: new Date(clock.now()).toISOString(), plan: identity.plan };
  try {
    await record.update((current) => noteStep(current, name, entry));
  } catch (error) {
    report.event('record-failed', `the result is not in the run record: ${error instanceof Error ? error.message : String(error)}`, { level: 'warn' });
  }
}
