/** The run record: what the runner knows of an upgrade, kept in ConfigMap `hookwave-<upgrade>`. Schema 1, frozen in docs/decisions.md. */

export type Outcome = 'done' | 'already' | 'skipped' | 'blocked' | 'failed';

export interface StepRecord {
  readonly outcome: Outcome;
  readonly message: string;
  /** What to do next, for `blocked` and `failed`. */
  readonly next?: string;
  /** RFC 3339. */
  readonly at: string;
  /** Plan digest under which the step ran. */
  readonly plan: string;
}

export interface Freeze {
  readonly reason: string;
  readonly at: string;
  /** `namespace/name` of the frozen DaemonSet. */
  readonly workload: string;
  /** Its `spec.updateStrategy` before the freeze. */
  readonly strategy: unknown;
}

/** One upgrade from its first change to its end. */
export interface Run {
  /** Plan digest. */
  readonly plan: string;
  readonly from: string;
  readonly to: string;
  readonly state: 'running' | 'frozen' | 'done';
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** `namespace/name` of the DaemonSet that is rolled out; absent in records of before it was kept. */
  readonly workload?: string;
  /** Version of the system at the start; decides storage rules for the whole run. */
  readonly startVersion: string;
  readonly freeze?: Freeze;
}

export interface RunRecord {
  readonly schema: 1;
  readonly upgrade: string;
  readonly run?: Run;
  /** Earlier runs, newest first, at most ten. */
  readonly history: readonly Run[];
  /** Last result of each step that changed something, or that stands or stood in the way. */
  readonly steps: Readonly<Record<string, StepRecord>>;
  /** How often a Pod took the Lease over from another one. */
  readonly takeOvers: number;
}

export interface Approval {
  readonly what: 'cleanup' | 'retry';
  readonly plan: string;
  readonly by: string;
  readonly at: string;
  /** Of another try: `at` of the freeze that it answers. */
  readonly freeze?: string;
}

export function emptyRecord(upgrade: string): RunRecord {
  return { schema: 1, upgrade, history: [], steps: {}, takeOvers: 0 };
}

/** Opens a run; the one before goes to the history. The same plan again keeps its start, its start version and drops the freeze. */
export function beginRun(record: RunRecord, run: Omit<Run, 'state'>): RunRecord {
  const last = record.run;
  if (last?.plan === run.plan && last.state !== 'done') {
    const { freeze: _thawed, ...rest } = last;
    return { ...record, run: { ...rest, state: 'running' } };
  }
  return { ...record, run: { ...run, state: 'running' }, history: last ? [last, ...record.history].slice(0, 10) : record.history };
}

export function freezeRun(record: RunRecord, freeze: Freeze): RunRecord {
  if (!record.run) return record;
  return { ...record, run: { ...record.run, state: 'frozen', freeze } };
}

export function finishRun(record: RunRecord, at: string): RunRecord {
  if (!record.run || record.run.state === 'done') return record;
  const { freeze: _thawed, ...rest } = record.run;
  return { ...record, run: { ...rest, state: 'done', finishedAt: at } };
}

/**
 * Notes a step's result. The same result again (times aside) changes nothing, and that there was nothing to do is noted only where something stood in the way
 * before, so that a sync with nothing to do writes nothing.
 */
export function noteStep(record: RunRecord, name: string, result: StepRecord): RunRecord {
  const last = record.steps[name];
  const hadNothingToDo = result.outcome === 'already' || result.outcome === 'skipped';
  const stoodInTheWay = last?.outcome === 'failed' || last?.outcome === 'blocked';
  const isSame = last?.outcome === result.outcome && last.message === result.message && last.plan === result.plan;
  const isNews = hadNothingToDo ? stoodInTheWay : !isSame;
  return isNews ? { ...record, steps: { ...record.steps, [name]: result } } : record;
}

export function approvalFor(approvals: readonly Approval[], what: Approval['what'], plan: string): Approval | undefined {
  return approvals.find((approval) => approval.what === what && approval.plan === plan);
}

/**
 * The approval of another try: for this plan and this freeze. It names the freeze, because the clocks of the node that froze and of the machine that approved
 * need not agree; only one written by hand, without a name, is held against the time.
 */
export function retryApproval({ freeze }: Run, approvals: readonly Approval[], plan: string): Approval | undefined {
  const answers = (approval: Approval): boolean => !freeze || (approval.freeze === undefined ? Date.parse(approval.at) > Date.parse(freeze.at) : approval.freeze === freeze.at);
  return approvals.find((approval) => approval.what === 'retry' && approval.plan === plan && answers(approval));
}
