/** Exit codes of the runner. 10, 11, 30 and 64 are final: the Job's podFailurePolicy does not repeat them. */
export const EXIT = {
  /** Done, nothing to do, or waiting for somebody where that is no failure. */
  ok: 0,
  /** A precondition does not hold. */
  precondition: 10,
  /** A gate is closed, where the recipe wants that to fail. */
  gate: 11,
  /** Another Pod holds the Lease. */
  lockHeld: 12,
  /** Transient: run it again. */
  transient: 20,
  failed: 30,
  /** Aborted, and everything put back. */
  aborted: 31,
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
