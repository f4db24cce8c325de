import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, V3Resource } from '../../calico/migration/model.ts';
import { REPORTS, reportEntry, reportList, type ReportFile } from '../../calico/migration/reports.ts';
import { YAML_STYLE } from '../../yaml-style.ts';

/** Reports on the disk, written while a conversion goes on; a file exists only when it has entries. */
export interface ReportFiles {
  add(outcome: Outcome): void;
  /** Writes what is left; a repeat does nothing. The reports of this run, in upstream's order. */
  close(): readonly { readonly file: ReportFile; readonly path: string }[];
  /** The lines that say where they are; after `close`. */
  list(): readonly string[];
}

/** The folder can't be used. */
export class ReportsUnusable extends Error {
  override readonly name = 'ReportsUnusable';
}

/** Written to the disk in pieces of this size, bytes. */
const PIECE = 64 * 1024;

/**
 * Makes the folder and removes reports of an earlier run.
 * @throws ReportsUnusable
 */
export async function openReports(dir: string): Promise<ReportFiles> {
  prepare(dir);
  const toYaml = await yamlWriter();
  const open = new Map<ReportFile, { readonly fd: number; pending: string }>();
  let closed = false;
  const pathOf = (file: ReportFile): string => join(dir, file);
  const flush = (report: { readonly fd: number; pending: string }): void => {
    writeSync(report.fd, report.pending);
    report.pending = '';
  };
  return {
    add(outcome) {
      const entry = reportEntry(outcome, toYaml);
      if (!entry) return;
      let report = open.get(entry.file);
      if (!report) open.set(entry.file, (report = { fd: openSync(pathOf(entry.file), 'a', 0o666), pending: '' }));
      report.pending += entry.text;
      if (report.pending.length >= PIECE) flush(report);
    },
    close() {
      for (const report of closed ? [] : open.values()) {
        if (report.pending !== '') flush(report);
        closeSync(report.fd);
      }
      closed = true;
      return REPORTS.filter(({ file }) => open.has(file)).map(({ file }) => ({ file, path: pathOf(file) }));
    },
    list: () => reportList(new Set(open.keys()), pathOf),
  };
}

function prepare(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
    for (const { file } of REPORTS) {
      closeSync(openSync(join(dir, file), 'a', 0o666));
      rmSync(join(dir, file));
    }
  } catch (error) {
    throw new ReportsUnusable(`reports can't be written to ${dir}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Keys sorted, as upstream's reports have them. */
export async function yamlWriter(): Promise<(resource: V3Resource) => string> {
  const { stringify } = await import('../yaml.ts');
  return (resource) => stringify(resource, { ...YAML_STYLE, sortMapEntries: true });
}
