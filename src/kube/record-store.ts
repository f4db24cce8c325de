import type { Approval, RunRecord } from '../plan/record.ts';

/** The run record of one upgrade in the cluster: ConfigMap `hookwave-<upgrade>`, keys `record.json` and `approvals.json`. */
export interface RecordStore {
  /** An empty record when there is none. @throws Error when the stored record is of a newer schema or no JSON. */
  read(): Promise<{ readonly record: RunRecord; readonly approvals: readonly Approval[] }>;
  /**
   * Read, change, write with a resourceVersion precondition; again on conflict. Writes nothing when `change` returns its argument.
   * Creates the ConfigMap when it is missing.
   */
  update(change: (record: RunRecord) => RunRecord): Promise<RunRecord>;
  approve(approval: Approval): Promise<void>;
}
