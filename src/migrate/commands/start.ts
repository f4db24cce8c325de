import type { Datastores } from '../config/datastores.ts';
import { LEASE_SECONDS, MigrationError, QUIESCE_SECONDS } from '../contract.ts';
import { confirmed, withMigration, type Ending, type Invocation } from './command.ts';
import { sayNotOpened } from './dry-run.ts';
import { errorObject, explain } from './explain.ts';
import { ReportsUnusable } from './report-files.ts';
import { seconds } from './seconds.ts';
import { openReporting, reportFolder, sayInvalid, sayReportsUnusable, sayValid, type Reporting } from './validation.ts';

const PAUSES = ' During this time and until the upgrade is completed Calico networking will be paused - which means no new Calico networked endpoints can be created.';

/** `start`: 0 migrated, or nothing to migrate; 1 any failure, or the user has said no. */
export async function start(invocation: Invocation): Promise<Ending> {
  const { say, around } = invocation;
  const dir = reportFolder(invocation);
  let reporting: Reporting | undefined;
  /** Once the user was asked. */
  let begun: Datastores['is'] | undefined;
  try {
    return await withMigration(invocation, async (migration, { is }) => {
      const opened = (reporting = await openReporting(invocation, dir));
      const confirm = (): Promise<boolean> => {
        begun = is;
        sayValid(invocation);
        say.newLine();
        say.message(`You are about to start the migration of Calico v1 data format to Calico v3 data format.${is === 'etcd' ? PAUSES : ''} No Calico configuration should be modified using calicoctl during this time.`);
        say.newLine();
        return confirmed(invocation);
      };
      const quiesceSeconds = seconds(around.env, 'HOOKWAVE_QUIESCE_SECONDS', QUIESCE_SECONDS);
      const leaseSeconds = seconds(around.env, 'HOOKWAVE_LEASE_SECONDS', LEASE_SECONDS);
      const { ended, validation, intruders } = await migration.start({ ...opened.options, confirm, quiesceSeconds, leaseSeconds });
      around.progressEnd();
      opened.reports.close();
      if (ended === 'invalid') sayInvalid(invocation, validation, opened);
      if (ended === 'nothing') say.message('There is no data requiring conversion. You may proceed with the upgrade without migrating the data.');
      if (ended === 'migrated') sayMigrated(invocation, { etcd: is === 'etcd', intruders, reporting: opened });
      return { exitCode: ended === 'invalid' || ended === 'cancelled' ? 1 : 0, result: { ended, validation, intruders } };
    });
  } catch (error) {
    if (error instanceof ReportsUnusable) sayReportsUnusable(invocation, dir, error);
    else if (reporting && begun) sayFailed(invocation, error, { etcd: begun === 'etcd', reporting });
    else if (reporting) sayInvalid(invocation, { error }, reporting);
    else sayNotOpened(invocation, error, 'Failed to start the upgrade.');
    return { exitCode: 1, result: { error: errorObject(error) } };
  }
}

function sayMigrated({ say, around }: Invocation, { etcd, intruders, reporting }: { readonly etcd: boolean; readonly intruders: readonly string[]; readonly reporting: Reporting }): void {
  say.separator();
  say.message('Successfully migrated Calico v1 data to v3 format.');
  say.message('Follow the detailed upgrade instructions available in the release documentation to complete the upgrade. This includes:');
  say.bullet('upgrading your calico/node instances and orchestrator plugins (e.g. CNI) to the required v3.x release');
  if (etcd) say.bullet(`running '${around.program} complete' to complete the upgrade and resume Calico networking`);
  if (intruders.length > 0) {
    say.newLine();
    say.message(`WARNING: ${intruders.length} v1 keys were written after the pause, by something that ignored it. These changes are not in v3:`);
    for (const key of intruders.slice(0, SHOWN)) say.bullet(key);
    if (intruders.length > SHOWN) say.bullet(`and ${intruders.length - SHOWN} more`);
  }
  say.newLine();
  if (reporting.reports.list().length > 1) {
    say.message('See report(s) below for details of the migrated data.');
    for (const line of reporting.reports.list()) say.line(line);
  }
  say.newLine();
}

const SHOWN = 20;

const LEFT_PAUSED = ' leaving Calico networking in a paused state (no new endpoints will be able to be deployed). Please run the abort command to resume normal service.';

function sayFailed({ say, around }: Invocation, error: unknown, { etcd, reporting }: { readonly etcd: boolean; readonly reporting: Reporting }): void {
  const reason = error instanceof MigrationError ? error.reason : undefined;
  around.progressEnd();
  say.separator();
  say.message('Failed to migrate Calico v1 data to v3 format.');
  if (around.signal.aborted && reason !== 'needs-abort') say.bullet('interrupted: the migration was aborted, Calico v1 goes on');
  else for (const text of explain(error)) say.bullet(text);
  reporting.reports.close();
  if (reason === 'invalid') {
    say.message('Conversion errors should have been resolved during validation. This suggests that somebody modifies Calico configuration during the upgrade.');
    say.newLine();
    say.message('See report(s) below for details of the converted data.');
    for (const line of reporting.reports.list()) say.line(line);
  }
  if (reason === 'needs-abort') {
    say.newLine();
    say.message(`IMPORTANT NOTE: The command was unable to abort the migration${etcd ? LEFT_PAUSED : '. Please run the abort command to remove the v3 data that it has written.'}`);
    say.message('See previous output for additional details.');
  } else {
    say.newLine();
    say.message('Please resolve the errors and retry the command.');
  }
  say.newLine();
}
