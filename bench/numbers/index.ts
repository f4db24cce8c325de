import type { BenchNumber } from '../number.ts';
import { argoSync } from './argo-sync.ts';
import { cmpGenerate } from './cmp-generate.ts';
import { coldSynth } from './cold-synth.ts';
import { fleet } from './fleet.ts';
import { lintObjects } from './lint-objects.ts';
import { etcdGuard, largeMigration, migration } from './migration.ts';
import { rolloutEnd } from './rollout-end.ts';
import { runnerStart } from './runner-start.ts';
import { smallSpec } from './small-spec.ts';

/** A line for each number. */
export const NUMBERS: readonly BenchNumber[] = [coldSynth, smallSpec, fleet, cmpGenerate, lintObjects, runnerStart, etcdGuard, migration, largeMigration, rolloutEnd, argoSync];
