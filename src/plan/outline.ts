import type { AccessRule } from '../steps/step.ts';
import type { Mode, Phase } from './phases.ts';

/** An upgrade as `hookwave plan` shows it: what will be applied and run, in which order and why. */
export interface Outline {
  readonly kind: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Plan digest. */
  readonly plan: string;
  readonly namespace: string;
  readonly notes: readonly string[];
  /** In the order in which they run. */
  readonly entries: readonly OutlineEntry[];
}

export interface OutlineEntry {
  readonly phase: Phase;
  readonly wave: number;
  readonly mode: Mode;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly why: string;
  /** Empty but for Jobs of the runner. */
  readonly steps: readonly OutlineStep[];
}

export interface OutlineStep {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly string[];
  readonly access: readonly AccessRule[];
}
