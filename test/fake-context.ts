/** What a step gets beside its parameters, for unit tests: a clock that is moved by hand, a reporter that collects, a run record in memory, a lock that is free. */
import type { Cluster } from '../src/kube/cluster.ts';
import type { Lock } from '../src/kube/lock.ts';
import type { RecordStore } from '../src/kube/record-store.ts';
import { emptyRecord, type Approval, type RunRecord } from '../src/plan/record.ts';
import type { Clock, Reporter, StepContext } from '../src/steps/step.ts';

export interface ManualClock extends Clock {
  /** Moves the time on, waking sleepers in order; lets pending work run in between. */
  advance(milliseconds: number): Promise<void>;
}

/**
 * @param start milliseconds since the epoch. @default 2026-01-01T00:00:00Z
 * @param mode `auto`: each sleep moves the time on at once, for tests that only want waits to pass. @default manual
 */
export function manualClock(start = Date.UTC(2026, 0, 1), mode: 'manual' | 'auto' = 'manual'): ManualClock {
  let now = start;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      if (mode === 'auto') {
        await turn();
        signal.throwIfAborted();
        now += milliseconds;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(signal.reason as Error);
        };
        const wake = (): void => {
          signal.removeEventListener('abort', abort);
          resolve();
        };
        const sleeper = { at: now + milliseconds, wake };
        sleepers.push(sleeper);
        signal.addEventListener('abort', abort, { once: true });
      });
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await turn();
      for (;;) {
        const next = sleepers.filter((sleeper) => sleeper.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        sleepers.splice(sleepers.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.wake();
        await turn();
      }
      now = end;
      await turn();
    },
  };
}

/** Lets everything that is ready run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface ReportedEvent {
  readonly event: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface CollectingReporter extends Reporter {
  readonly events: ReportedEvent[];
}

export function collectingReporter(): CollectingReporter {
  const events: ReportedEvent[] = [];
  return { events, event: (event, message, fields = {}) => void events.push({ event, message, fields }) };
}

/** A lock that just runs the work; `held` counts how often. */
function openLock(): Lock & { readonly held: number } {
  let held = 0;
  return {
    get held() {
      return held;
    },
    hold(work) {
      held++;
      return work(new AbortController().signal);
    },
  };
}

export interface MemoryRecord extends RecordStore {
  record: RunRecord;
  approvals: Approval[];
  /** How many updates changed something. */
  readonly changes: number;
}

export function memoryRecord(upgrade = 'calico', record: RunRecord = emptyRecord(upgrade)): MemoryRecord {
  let changes = 0;
  const store: MemoryRecord = {
    record,
    approvals: [],
    get changes() {
      return changes;
    },
    read: async () => ({ record: store.record, approvals: store.approvals }),
    async update(change) {
      const next = change(store.record);
      if (next !== store.record) changes++;
      store.record = next;
      return next;
    },
    async approve(approval) {
      store.approvals.push(approval);
    },
  };
  return store;
}

/** A step's context on a fake cluster; `clock`, `report`, `record` and `lock` are the fakes unless overridden. */
export type FakeContext = StepContext & {
  readonly clock: ManualClock;
  readonly report: CollectingReporter;
  readonly record: MemoryRecord;
  readonly lock: Lock & { readonly held: number };
};

/** @param overrides anything of a StepContext; identity defaults to upgrade `calico` in `hookwave-calico`, plan `aaaaaaaa` */
export function fakeContext<O extends Partial<StepContext> = object>(cluster: Cluster, overrides: O = {} as O): Omit<FakeContext, keyof O> & O & StepContext {
  const identity = overrides.identity ?? { upgrade: 'calico', namespace: 'hookwave-calico', plan: 'aaaaaaaa' };
  const context: FakeContext = {
    identity,
    cluster,
    record: memoryRecord(identity.upgrade),
    lock: openLock(),
    clock: manualClock(),
    signal: new AbortController().signal,
    report: collectingReporter(),
    pod: { name: 'runner-0', namespace: identity.namespace, uid: 'pod-uid-0', job: 'runner' },
  };
  return { ...context, ...overrides };
}
