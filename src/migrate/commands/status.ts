import { ConfigError } from '../config/problems.ts';
import type { MigrationStatus } from '../contract.ts';
import { withMigration, type Ending, type Invocation } from './command.ts';
import { errorObject, explain } from './explain.ts';

/** `needed`: 0 it is, 1 it is not, 2 unknown. */
export function needed(invocation: Invocation): Promise<Ending> {
  return answer(invocation, {
    yes: 'Migration of the datastore to the V3 API is needed.',
    no: 'Migration of the datastore is not needed.',
    unknown: 'There was an error checking if datastore migration is needed',
    of: (status) => status.needed,
  });
}

/** `in-progress`: 0 it is, 1 it is not, 2 unknown. */
export function inProgress(invocation: Invocation): Promise<Ending> {
  return answer(invocation, {
    yes: 'Migration is in Progress.',
    no: 'Migration is NOT in Progress.',
    unknown: 'There was an error checking if datastore migration is in progress',
    of: (status) => status.inProgress,
  });
}

interface Question {
  readonly yes: string;
  readonly no: string;
  readonly unknown: string;
  readonly of: (status: MigrationStatus) => boolean;
}

async function answer(invocation: Invocation, { yes, no, unknown, of }: Question): Promise<Ending> {
  const { say } = invocation;
  try {
    const status = await withMigration(invocation, (migration) => migration.status());
    say.separator();
    say.message(of(status) ? yes : no);
    say.newLine();
    return { exitCode: of(status) ? 0 : 1, result: status };
  } catch (error) {
    say.separator();
    say.message(error instanceof ConfigError ? 'Failed to check if upgrade is needed.' : unknown);
    for (const text of explain(error)) say.bullet(error instanceof ConfigError ? text : `Error: ${text}`);
    say.newLine();
    return { exitCode: 2, result: { error: errorObject(error) } };
  }
}
