/** Tells waiters that something has changed. */
export interface Bell {
  /** Resolves at the next ring. Take it before looking, so that no change is missed. */
  next(): Promise<void>;
  ring(): void;
}

export function openBell(): Bell {
  let wake = silent;
  const renewed = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  let next = renewed();
  return {
    next: () => next,
    ring() {
      const wakeUp = wake;
      next = renewed();
      wakeUp();
    },
  };
}

function silent(): void {}
