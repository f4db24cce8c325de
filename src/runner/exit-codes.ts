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

/** What each exit code means, for the reference; and whether the Job tries again. */
export const EXIT_MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done, nothing to do, or waiting for somebody where that is no failure',
  precondition: 'a precondition does not hold; the message says which, and what to do',
  gate: 'a gate is closed, where the recipe wants that to fail (kept for recipes of your own: no step of hookwave does)',
  lockHeld: 'another Pod holds the Lease of the upgrade',
  transient: 'transient: the API server did not answer, somebody else changed the object meanwhile, or the step was interrupted',
  failed: 'failed; the message says why and what to do',
  aborted: 'aborted, and everything put back (reserved)',
  usage: 'wrong arguments: the manifest and the image are of different releases',
};

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
