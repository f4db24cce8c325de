import { createReadStream } from 'node:fs';
import { reportEntry } from '../../calico/migration/reports.ts';
import { openReports, ReportsUnusable, type ReportFiles, yamlWriter } from '../commands/report-files.ts';
import type { Surroundings } from '../commands/surroundings.ts';

/** Reports in a folder; in the log at once where no folder can be written to: a guard has a read-only root. */
export async function hookReports(dir: string, around: Surroundings): Promise<ReportFiles> {
  try {
    return await openReports(dir);
  } catch (error) {
    if (!(error instanceof ReportsUnusable)) throw error;
    around.err(`warning: ${error.message}; they are printed here instead (REPORT_DIR names another folder)\n`);
    return printed(around, await yamlWriter());
  }
}

function printed({ out }: Surroundings, toYaml: Parameters<typeof reportEntry>[1]): ReportFiles {
  return {
    add(outcome) {
      const entry = reportEntry(outcome, toYaml);
      if (entry) out(`${entry.file}: ${entry.text}`);
    },
    close: () => [],
    list: () => ['Reports: in the log above'],
  };
}

/** Into the log, as upstream's script does; piece by piece. */
export async function copyReports(reports: ReportFiles, { out }: Surroundings): Promise<void> {
  for (const { path } of reports.close()) {
    out(`=== Contents of ${path} ===\n`);
    for await (const piece of createReadStream(path, { encoding: 'utf8' })) out(String(piece));
  }
}
