import { allowsMode, type Mode, type Phase } from './phases.ts';

/** Where an object stands in the upgrade: the only ordering data there is. Sequencers turn it into annotations. */
export interface Placement {
  readonly phase: Phase;
  /** Order inside the phase, lower first. @default 0 */
  readonly wave: number;
  readonly mode: Mode;
}

/** @throws Error when the phase has no such mode or the wave is not an integer. */
export function placement(phase: Phase, wave: number, mode: Mode): Placement {
  if (!allowsMode(phase, mode)) {
    throw new Error(`phase ${phase} has no ${mode} objects; see the table of phases in docs/explanation/phases.md`);
  }
  if (!Number.isInteger(wave)) throw new Error(`wave must be an integer, got ${wave}`);
  return { phase, wave, mode };
}
