/**
 * The step contract, used on both sides: synthesis reads definitions, the runner executes runs.
 * A step is two files: `<name>.ts` (its definition, imported by recipes) and `<name>.run.ts` (imported by the runner only).
 */
import type { z } from 'zod';
import type { Cluster } from '../kube/cluster.ts';
import type { Lock } from '../kube/lock.ts';
import type { RecordStore } from '../kube/record-store.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** One API rule that a step needs. */
export interface AccessRule {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
  /** Limits the rule to these objects: never for `create`, whose rule has no names; for `list` and `watch` the request needs the field selector `metadata.name=`. @default all */
  readonly resourceNames?: readonly string[];
  /** Namespace of the rule. @default cluster-wide */
  readonly namespace?: string;
}

/** Names that every step of one upgrade shares. They come as flags, too, but are no part of the plan digest. */
export interface UpgradeIdentity {
  /** `metadata.name` of the spec. */
  readonly upgrade: string;
  /** Namespace of the hooks, the run record and the Lease. */
  readonly namespace: string;
  /** Plan digest, 8 hex digits. */
  readonly plan: string;
}

export type ParamsSchema = z.ZodObject<Record<string, z.ZodType>>;

export interface StepDefinition<S extends ParamsSchema = ParamsSchema> {
  /** Unique, kebab-case, at most 40 characters: the container's name and the runner's argument. */
  readonly name: string;
  /** One sentence for `plan` and the reference page. */
  readonly summary: string;
  /** Scalars and string lists only; synthesis writes `--key=value` flags from it and the runner parses flags with it. */
  readonly params: S;
  /** The step creates objects of the upgrade phase ahead of it; sequencers that want to create their objects themselves leave it out. @default false */
  readonly ahead?: boolean;
  /** The step ends well without having done its work until somebody has approved it. @default never */
  readonly waitsFor?: 'approval';
  /** The step may not write the run record: its results are in its log and its exit code only. @default false */
  readonly unrecorded?: boolean;
  /** The exact API rules that the run needs. */
  access(params: z.output<S>, identity: UpgradeIdentity): readonly AccessRule[];
}

export function defineStep<S extends ParamsSchema>(definition: StepDefinition<S>): StepDefinition<S> {
  return definition;
}

export interface StepContext {
  readonly identity: UpgradeIdentity;
  readonly cluster: Cluster;
  /** The run record of this upgrade. */
  readonly record: RecordStore;
  /** The upgrade's Lease; taken around mutations, never while waiting. */
  readonly lock: Lock;
  readonly clock: Clock;
  /** Aborted on SIGTERM and at the step's deadline. */
  readonly signal: AbortSignal;
  readonly report: Reporter;
  /** The Pod that runs this step; absent outside a cluster. */
  readonly pod?: PodIdentity;
  /** The container's environment: only for steps that reach an etcd, whose addresses and secrets come from the workload's own ConfigMap and Secrets. @default empty */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface PodIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** Name of the owning Job. */
  readonly job?: string;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds`; rejects when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface Reporter {
  /** One JSON line on stdout. `event` is a stable kebab-case word. */
  event(event: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What a step ends with. `already`, `skipped` and an unchanged `blocked` write nothing to the cluster, but over a failure or a wait that was noted before. */
export type StepResult =
  | { readonly outcome: 'done' | 'already' | 'skipped'; readonly message: string }
  /** Waits for somebody; succeeds unless the recipe wants it to fail. `on` says for what. */
  | { readonly outcome: 'blocked'; readonly message: string; readonly on: string; readonly exitCode?: 0 | 11 }
  /** `next` says what to do. 10: precondition, no retry. 20: transient, retry. 30: failed, no retry. */
  | { readonly outcome: 'failed'; readonly message: string; readonly next: string; readonly exitCode: 10 | 11 | 20 | 30 };

export type StepRun<S extends ParamsSchema = ParamsSchema> = (
  params: z.output<S>,
  context: StepContext,
) => Promise<StepResult>;

export interface Step<S extends ParamsSchema = ParamsSchema> {
  readonly definition: StepDefinition<S>;
  readonly run: StepRun<S>;
}
