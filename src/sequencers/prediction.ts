import type { DeletePolicy } from './manifests/reading.ts';
import type { Manifest } from './manifests/manifest.ts';

/** What a tool will do with a set of objects, in which order. `P` says where the tool is: a phase and wave, an event and weight. */
export interface Prediction<P> {
  readonly moments: readonly Moment<P>[];
  /** `stuck`: the tool waits for something that does not come by itself; `refused`: it ends before it changes anything. */
  readonly outcome: 'succeeded' | 'failed' | 'stuck' | 'refused';
  /** What stopped it, and who. */
  readonly reason?: string;
}

/** A time at which the tool changes objects, and then perhaps waits. */
export interface Moment<P> {
  readonly at: P;
  /** One after the other. */
  readonly groups: readonly Group[];
  /**
   * What the tool waits for before it goes on: `hooks` until they have ended, `health` until the other objects are healthy.
   * Nothing: it goes on at once.
   */
  readonly waitsFor: readonly ('hooks' | 'health')[];
}

/** Objects that are changed together. */
export interface Group {
  readonly action: 'apply' | 'delete';
  /** Of a deletion: the delete policy, or that the object is no longer wanted. */
  readonly because?: DeletePolicy | 'pruned';
  readonly objects: readonly Manifest[];
  /**
   * `parallel`: all at the same time. `sequence`: one after the other, as listed. `open`: the tool itself does not always take the same order,
   * and may split the group.
   */
  readonly order: 'parallel' | 'sequence' | 'open';
}

/** Picks objects, such as those that will fail. */
export type Judge = (object: Manifest) => boolean;
