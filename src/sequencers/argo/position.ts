import type { Mode, Phase } from '../../plan/phases.ts';
import type { Placement } from '../../plan/placement.ts';

export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';

/** Where Argo CD applies an object. */
export interface Position {
  readonly syncPhase: SyncPhase;
  readonly syncWave: number;
}

/**
 * Sync phase of each phase, and the sync wave at which its wave 0 stands. Frozen in docs/decisions.md.
 * Hooks of `verify` stand beside the workload that they watch; its tracked objects follow ten waves later.
 */
const TABLE: Readonly<Record<Phase, Partial<Record<Mode, Position>>>> = {
  preflight: { hook: { syncPhase: 'PreSync', syncWave: -20 } },
  prepare: { hook: { syncPhase: 'PreSync', syncWave: -10 } },
  upgrade: { tracked: { syncPhase: 'Sync', syncWave: 0 } },
  verify: { hook: { syncPhase: 'Sync', syncWave: 0 }, tracked: { syncPhase: 'Sync', syncWave: 10 } },
  cleanup: { hook: { syncPhase: 'PostSync', syncWave: 0 } },
  rescue: { hook: { syncPhase: 'SyncFail', syncWave: 0 } },
};

export function positionOf({ phase, wave, mode }: Placement): Position {
  const base = TABLE[phase][mode];
  if (!base) throw new Error(`Argo CD has no place for ${mode} objects of phase ${phase}`);
  return { syncPhase: base.syncPhase, syncWave: base.syncWave + wave };
}

const SYNC_PHASES: readonly SyncPhase[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail'];

export function comparePositions(a: Position, b: Position): number {
  return SYNC_PHASES.indexOf(a.syncPhase) - SYNC_PHASES.indexOf(b.syncPhase) || a.syncWave - b.syncWave;
}
