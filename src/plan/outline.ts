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
  /** The job or guard that the object gives account, rights or files to; absent for an object that stands for itself. */
  readonly serves?: string;
  /** Empty but for Jobs of the runner. */
  readonly steps: readonly OutlineStep[];
  /** The init container that holds the workload while it would do harm. */
  readonly guard?: OutlineStep & { readonly why: string };
}

export interface OutlineStep {
  readonly name: string;
  readonly summary: string;
  /** What the step waits for without failing. */
  readonly waitsFor?: 'approval';
  readonly arguments: readonly string[];
  readonly access: readonly AccessRule[];
}
