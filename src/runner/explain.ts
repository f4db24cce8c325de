import { ApiUnavailable, isConflict, isForbidden } from '../kube/errors.ts';
import { LockHeld } from '../kube/lock.ts';
import { isPassing } from '../kube/passing.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** The step was told to stop: SIGTERM, or its deadline. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface Explanation {
  readonly exitCode: ExitCode;
  readonly message: string;
  /** What to do next. */
  readonly next: string;
  /** Whether it says something about the upgrade, so that it belongs into the run record. */
  readonly lasting: boolean;
}

/** What a thrown error means. */
export function explain(error: unknown, signal: AbortSignal): Explanation {
  if (signal.aborted && signal.reason instanceof Interrupted) return passing(EXIT.transient, signal.reason.message, 'safe to run again');
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof LockHeld) return passing(EXIT.lockHeld, message, 'run it again when the other Pod is finished');
  if (error instanceof ApiUnavailable) return passing(EXIT.transient, message, 'run it again when the API server answers');
  if (isConflict(error)) return passing(EXIT.transient, message, 'somebody else changed the object meanwhile; run it again');
  if (isPassing(error)) return passing(EXIT.transient, message, 'safe to run again');
  if (isForbidden(error)) return { exitCode: EXIT.precondition, message, next: "give the step's ServiceAccount this right; `hookwave synth` writes its roles", lasting: true };
  return { exitCode: EXIT.failed, message, next: 'look at the log of this container; when it looks like a defect of hookwave, report it', lasting: true };
}

function passing(exitCode: ExitCode, message: string, next: string): Explanation {
  return { exitCode, message, next, lasting: false };
}
