/** What a datastore migration offers to commands, hooks and steps. */
import type { Outcome } from '../calico/migration/model.ts';

/**
 * How far a migration is, as the state key says; the ground truth for everybody who waits.
 * - `none`: no attempt is known. - `started`: the v1 side is being paused or is paused, v3 data are being written; after a crash any `start` takes over.
 * - `migrated`: all v3 data are written; v1 stays paused, v3 is not ready until `complete`.
 * - `complete`: v3 is ready; there is no way back. - `aborted`: v1 runs again, whatever v3 holds is stale.
 */
export type MigrationPhase = 'none' | 'started' | 'migrated' | 'complete' | 'aborted';

export interface MigrationState {
  readonly phase: MigrationPhase;
  /** Of the attempt; a new one after an abort has another. */
  readonly attempt?: string;
  /** v1 version the data come from, such as `v2.6.12`. */
  readonly sourceVersion?: string;
  /** RFC 3339. */
  readonly changedAt?: string;
  /** Written objects by kind, once migrated. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Whether the v3 datastore was empty when the attempt began: only then may a later attempt purge what this one has left. */
  readonly cleanAtStart?: boolean;
  /** Who writes now, such as `calico-node-x7k2p/worker-3`; undefined when nobody's lease is alive. */
  readonly owner?: string;
}

/** Upstream's answers to `needed` and `in-progress` (calico-upgrade, pkg/migrator ShouldMigrate and IsMigrationInProgress), with the phase marker in them: "migrated, not completed" is a state of its own. */
export interface MigrationStatus {
  readonly state: MigrationState;
  readonly needed: boolean;
  readonly inProgress: boolean;
}

export interface Progress {
  /** A sentence for people, such as `Pausing Calico networking`. */
  readonly message: string;
  readonly done?: number;
  /** Undefined while unknown. */
  readonly total?: number;
}

/** Default of `quiesceSeconds`: upstream's. */
export const QUIESCE_SECONDS = 15;
/** Default of `leaseSeconds`. */
export const LEASE_SECONDS = 30;

export interface MigrationOptions {
  readonly signal: AbortSignal;
  /** Accept a v3 datastore that is not empty. @default false */
  readonly ignoreV3Data?: boolean;
  /** How long v1 writers get to notice the pause. @default QUIESCE_SECONDS */
  readonly quiesceSeconds?: number;
  /** How long the owner's lease outlives a dead owner. @default LEASE_SECONDS */
  readonly leaseSeconds?: number;
  /** Called for each outcome of the conversion, in order; nothing is kept by the engine. */
  readonly outcome?: (outcome: Outcome) => void;
  readonly progress?: (progress: Progress) => void;
  /** Asked after validation, before anything is changed. @default yes */
  readonly confirm?: () => Promise<boolean>;
}

export interface Validation {
  /** Outcomes that are failures, by what they are. */
  readonly failures: number;
  readonly converted: number;
  readonly skipped: number;
  /** The v3 datastore holds data of somebody else. */
  readonly destinationDirty: boolean;
  /** The etcd user may not write the state keys; the message has the `etcdctl role grant-permission` line. */
  readonly stateDenied?: string;
}

/** Each rejects with a `MigrationError` (or `EtcdError`) and has changed nothing that a later call does not mend. */
export interface Migration {
  status(): Promise<MigrationStatus>;
  /** Reads, converts and validates; writes nothing but, for a moment, an own test key. */
  dryRun(options: MigrationOptions): Promise<Validation>;
  /** Resolves `migrated`, `nothing` (Kubernetes datastore without v1 data), or `cancelled`. Takes over an attempt whose owner is gone. */
  start(options: MigrationOptions): Promise<{ readonly ended: 'migrated' | 'nothing' | 'cancelled' | 'invalid';
    readonly validation: Validation;
    /** v1 keys changed after the pause, by writers that ignored it. */ readonly intruders: readonly string[] }>;
  /** Makes v3 ready. Only when migrated, unless forced; once complete a repeat does nothing. */
  complete(options: { readonly signal: AbortSignal; readonly force?: boolean }): Promise<void>;
  /** Lets v1 go on and marks v3 stale. Not while another owner's lease lives nor after completion, unless forced. */
  abort(options: { readonly signal: AbortSignal; readonly force?: boolean }): Promise<void>;
  close(): Promise<void>;
}

/**
 * `config`, `denied`: no retry helps. `version`: v1 too old, too new or unknown. `dirty`: v3 holds foreign data. `invalid`: data that can't be converted.
 * `held`: another owner is alive. `phase`: not allowed in this phase. `transient`: worth another try. `needs-abort`: an automatic abort failed; run `abort`.
 */
export type MigrationErrorReason = 'config' | 'denied' | 'version' | 'dirty' | 'invalid' | 'held' | 'phase' | 'transient' | 'needs-abort';

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly reason: MigrationErrorReason;
  constructor(reason: MigrationErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
