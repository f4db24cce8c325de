import { MigrationError, type Migration, type MigrationPhase, type Validation } from '../../../../src/migrate/contract.ts';

export interface FakeMigration extends Pick<Migration, 'status' | 'dryRun' | 'complete' | 'abort'> {
  phase: MigrationPhase;
  owner: string | undefined;
  /** Thrown once by the next call of `abort` or `complete`. */
  refusal: MigrationError | undefined;
  readonly calls: string[];
}

export const CLEAN: Validation = { failures: 0, converted: 12, skipped: 1, destinationDirty: false };

/** A migration that knows phases only. */
export function fakeMigration(phase: MigrationPhase, validation: Validation = CLEAN): FakeMigration {
  const refuse = (): void => {
    const { refusal } = fake;
    fake.refusal = undefined;
    if (refusal) throw refusal;
  };
  const fake: FakeMigration = {
    phase,
    owner: undefined,
    refusal: undefined,
    calls: [],
    async status() {
      const needed = fake.phase === 'none' || fake.phase === 'started' || fake.phase === 'aborted';
      return { state: { phase: fake.phase, ...(fake.owner !== undefined && { owner: fake.owner }) }, needed, inProgress: fake.owner !== undefined };
    },
    async dryRun({ outcome }) {
      fake.calls.push('dryRun');
      outcome?.({ is: 'skipped', v1: 'Profile(name=k8s_ns.default)', why: 'made anew by the controllers' });
      for (let number = 0; number < validation.failures; number++) outcome?.({ is: 'conversion error', v1: `Policy(name=p${number})`, cause: 'a bad selector' });
      return validation;
    },
    async complete() {
      fake.calls.push('complete');
      refuse();
      fake.phase = 'complete';
    },
    async abort() {
      fake.calls.push('abort');
      refuse();
      fake.phase = 'aborted';
    },
  };
  return fake;
}
