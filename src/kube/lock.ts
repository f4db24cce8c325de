/** The Lease of one upgrade: at most one Pod mutates at a time. The real protection is the precondition on every write. */
export interface Lock {
  /**
   * Runs `work` while holding the Lease `hookwave-<upgrade>`; renews it meanwhile and releases it afterwards, also on failure.
   * `work` gets a signal that is aborted when the Lease is lost.
   * @throws LockHeld when another live Pod holds it and does not let go within the bound (exit code 12).
   */
  hold<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

export class LockHeld extends Error {
  override readonly name = 'LockHeld';
}

/** Why a hold ends early. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}
