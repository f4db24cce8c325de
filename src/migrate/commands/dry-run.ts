import { ConfigError } from '../config/problems.ts';
import { withMigration, type Ending, type Invocation } from './command.ts';
import { errorObject, explain } from './explain.ts';
import { ReportsUnusable } from './report-files.ts';
import { openReporting, reportFolder, sayInvalid, sayReportsUnusable, sayValid, type Reporting } from './validation.ts';

/** `dry-run`: 0 it can be migrated, 1 it can't. Changes nothing of Calico's. */
export async function dryRun(invocation: Invocation): Promise<Ending> {
  const { say } = invocation;
  const dir = reportFolder(invocation);
  let reporting: Reporting | undefined;
  try {
    return await withMigration(invocation, async (migration) => {
      const opened = (reporting = await openReporting(invocation, dir));
      const validation = await migration.dryRun(opened.options);
      if (validation.failures > 0 || validation.destinationDirty || validation.stateDenied !== undefined) {
        sayInvalid(invocation, validation, opened);
        return { exitCode: 1, result: { validation, reports: opened.reports.list().length > 1 ? dir : null } };
      }
      sayValid(invocation);
      const reports = opened.reports.close();
      if (validation.converted === 0) say.message('There is no data requiring conversion. You may proceed with the upgrade without migrating the data.');
      else {
        say.message('See report(s) below for details of the conversion.');
        for (const line of opened.reports.list()) say.line(line);
      }
      say.newLine();
      return { exitCode: 0, result: { validation, reports } };
    });
  } catch (error) {
    if (error instanceof ReportsUnusable) sayReportsUnusable(invocation, dir, error);
    else if (reporting) sayInvalid(invocation, { error }, reporting);
    else sayNotOpened(invocation, error, 'Failed to validate v1 to v3 conversion.');
    return { exitCode: 1, result: { error: errorObject(error) } };
  }
}

/** The datastores could not be opened. */
export function sayNotOpened({ say, around }: Invocation, error: unknown, what: string): void {
  around.progressEnd();
  say.separator();
  say.message(what);
  for (const text of explain(error)) say.bullet(error instanceof ConfigError ? text : `Error accessing the Calico API: ${text}`);
  say.newLine();
}
