import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { UpgradeIdentity } from '../steps/step.ts';
import { Marker } from './marker.ts';

/** What a sequencer and `plan` need to know of an upgrade as a whole. */
export abstract class UpgradeChart extends Chart {
  abstract readonly identity: UpgradeIdentity;
  abstract readonly summary: UpgradeSummary;
  /** Where the deadlines of the spec stand: a sequencer whose output has parameters lets them be set again when it is installed. @default none */
  readonly deadlines: readonly DeadlinePlace[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id, { disableResourceNameHashes: true });
  }

  /** The marker of the upgrade. @throws Error when the recipe has made none. */
  get marker(): Marker {
    const marker = this.node.findAll().find((node) => node instanceof Marker);
    if (!marker) throw new Error(`${this.node.path} has no Marker: a commit that changes only hooks would not be noticed`);
    return marker;
  }
}

/** A flag of a job's steps that carries a duration of the spec, in seconds. `deadline-seconds` stands for the Job's own life, too. */
export interface DeadlinePlace {
  /** Path of the duration in the spec, such as `deadlines.rollout`. */
  readonly field: string;
  /** Id of the HookJob. */
  readonly job: string;
  /** Without its dashes, such as `rollout-seconds`. */
  readonly flag: string;
  /** Seconds that the flag has more than the field. @default 0 */
  readonly plus?: number;
}

export interface UpgradeSummary {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  /** What the user should know before the upgrade: releases crossed, and what each asks for. */
  readonly notes: readonly string[];
}
