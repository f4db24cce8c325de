import { ApiError, ApiUnavailable } from './errors.ts';
import { LockHeld, LockLost } from './lock.ts';

/** Whether an error passes by itself, so that the step is worth another run. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 401 || error.status === 409;
  return [ApiUnavailable, LockHeld, LockLost].some((kind) => error instanceof kind);
}
