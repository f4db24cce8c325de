import { isFailure, type Outcome } from '../../calico/migration/model.ts';
import type { MigrationOptions, Validation } from '../contract.ts';
import type { Invocation } from './command.ts';
import { explain } from './explain.ts';
import { openReports, ReportsUnusable, type ReportFiles } from './report-files.ts';

const NOT_CLEAN =
  "The v3 datastore is not clean. It holds Calico data that no unfinished migration has left. Remove them (etcdctl del --prefix /calico/), or keep them with '--ignore-v3-data': what is migrated then overwrites what has the same name.";

/** Where reports go, and what is kept of the outcomes. */
export interface Reporting {
  readonly options: Pick<MigrationOptions, 'signal' | 'ignoreV3Data' | 'outcome' | 'progress'>;
  readonly reports: ReportFiles;
  /** Whether an outcome was a failure. */
  readonly failed: () => boolean;
}

/** Prepares the folder, and says so as upstream does. @throws ReportsUnusable */
export async function openReporting({ options, say, around, reports: given }: Invocation, dir: string): Promise<Reporting> {
  if (!given) {
    say.message('Preparing reports directory');
    say.bullet('creating report directory if it does not exist');
    say.bullet('validating permissions and removing old reports');
  }
  const reports = given ?? (await openReports(dir));
  let failed = false;
  const outcome = (one: Outcome): void => {
    failed ||= isFailure(one);
    reports.add(one);
  };
  const wanted = {
    signal: around.signal,
    ignoreV3Data: options.ignoreV3Data,
    outcome,
    progress: (progress: Parameters<NonNullable<MigrationOptions['progress']>>[0]) => {
      if (progress.done !== undefined) return around.progress(progress);
      around.progressEnd();
      say.message(progress.message);
    },
  };
  return { options: wanted, reports, failed: () => failed };
}

/** `<cwd>/calico-upgrade-report`, as upstream. */
export function reportFolder({ options, around }: Invocation): string {
  return options.outputDir ?? `${around.cwd ?? around.tmpdir}/calico-upgrade-report`;
}

export function sayReportsUnusable({ say }: Invocation, dir: string, error: ReportsUnusable): void {
  say.separator();
  say.error('Unable to prepare the reports directory for writing the migration reports. Please ensure your file permissions allow the following:');
  say.bullet(`creation of the output directory if it doesn't already exist (output directory is ${dir})`);
  say.bullet('creation and deletion of files in the output directory.');
  say.message('If required, use the --output-dir option to specify a different output directory.');
  say.message(error.message);
  say.newLine();
}

export function sayValid({ say, around }: Invocation): void {
  around.progressEnd();
  say.separator();
  say.message('Successfully validated v1 to v3 conversion.');
}

/** Why it can't be migrated, and where the reports are. */
export function sayInvalid({ say, around }: Invocation, why: Validation | { readonly error: unknown }, reporting: Reporting): void {
  around.progressEnd();
  say.separator();
  say.message('Failed to validate v1 to v3 conversion.');
  if ('error' in why) for (const text of explain(why.error)) say.bullet(text);
  else {
    if (why.failures > 0) say.bullet('errors converting data, see report(s) below for details');
    if (why.destinationDirty) say.bullet(NOT_CLEAN);
    if (why.stateDenied !== undefined) say.bullet(why.stateDenied);
  }
  reporting.reports.close();
  if (reporting.failed()) for (const line of reporting.reports.list()) say.line(line);
  say.newLine();
}
