import type { Mode, Phase } from '../../plan/phases.ts';
import type { Placement } from '../../plan/placement.ts';

/** Where Helm applies an object: with the release, or as a hook. */
export type Position = { readonly at: 'release' } | { readonly at: 'hook'; readonly events: string; readonly weight: number };

/**
 * A first release over an adopted cluster is an install, so every hook has both events; and a rollback is an upgrade to an earlier chart, whose own hooks
 * Helm runs: the same as a revert in Git.
 */
const BEFORE = 'pre-install,pre-upgrade,pre-rollback';
const AFTER = 'post-install,post-upgrade,post-rollback';

/** Of the namespace: a rollback runs hooks as they were rendered once, and by then the namespace is there. */
export const BEFORE_ANEW = 'pre-install,pre-upgrade';

/**
 * Hook weight at which wave 0 of each phase stands. Frozen in docs/decisions.md. Helm has no hook for a failure, so `rescue` is absent:
 * the failing step diagnoses before it exits.
 */
const TABLE: Readonly<Record<Phase, Partial<Record<Mode, Position>>>> = {
  preflight: { hook: { at: 'hook', events: BEFORE, weight: -200 } },
  prepare: { hook: { at: 'hook', events: BEFORE, weight: -100 } },
  upgrade: { tracked: { at: 'release' } },
  verify: { hook: { at: 'hook', events: AFTER, weight: 0 }, tracked: { at: 'hook', events: AFTER, weight: 100 } },
  cleanup: { hook: { at: 'hook', events: AFTER, weight: 200 } },
  rescue: {},
};

/** Waves beyond this would run into the neighbouring phase. */
export const LARGEST_WAVE = 49;

/** Before every other hook: the namespace of them all. */
export const NAMESPACE_WEIGHT = -1000;

/** `undefined` for a phase that Helm does not have. */
export function positionOf({ phase, wave, mode }: Placement): Position | undefined {
  const base = TABLE[phase][mode];
  return base?.at === 'hook' ? { ...base, weight: base.weight + wave } : base;
}
