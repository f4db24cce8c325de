import type { Outcome, V3Resource } from './model.ts';

/** The report files by name, in the order in which they are announced. The first four are upstream's; a file exists only when it has entries. */
export const REPORTS = [
  { file: 'convertednames', title: 'name conversion', error: false },
  { file: 'nameclashes', title: 'name clashes', error: true },
  { file: 'conversionerrors', title: 'conversion errors', error: true },
  { file: 'validationerrors', title: 'v3 validation errors', error: true },
  { file: 'skipped', title: 'skipped', error: false },
] as const;
export type ReportFile = (typeof REPORTS)[number]['file'];

export interface ReportEntry {
  readonly file: ReportFile;
  /** Whole lines, the last newline included; append them to the file. */
  readonly text: string;
}

/**
 * What an outcome adds to the reports; nothing for objects that upstream does not name. Outcomes can be written as they come.
 * @param toYaml writes a resource with its keys sorted, as upstream does
 */
export function reportEntry(outcome: Outcome, toYaml: (resource: V3Resource) => string): ReportEntry | undefined {
  switch (outcome.is) {
    case 'converted':
      return outcome.named ? { file: 'convertednames', text: `${outcome.v1} -> ${outcome.v3}\n` } : undefined;
    case 'clash':
      return { file: 'nameclashes', text: `${outcome.v1} and ${outcome.other} -> ${outcome.v3}\n` };
    case 'conversion error':
      return { file: 'conversionerrors', text: `${outcome.v1}: ${outcome.cause}\n` };
    case 'validation error':
      return { file: 'validationerrors', text: validationText(outcome, toYaml(outcome.resource)) };
    case 'skipped':
      return { file: 'skipped', text: `${outcome.v1}: ${outcome.why}\n` };
  }
}

/** Upstream forgets the line breaks between the first three. */
function validationText({ v1, v3, cause }: Extract<Outcome, { is: 'validation error' }>, yaml: string): string {
  return `v1 name: ${v1}\nv3 name: ${v3}\nerror: ${cause.trimEnd()}\nv3 resource:\n${yaml}\n\n---\n\n`;
}

/** The lines on stdout that say where the reports are. @param written the files that exist */
export function reportList(written: ReadonlySet<ReportFile>, pathOf: (file: ReportFile) => string): readonly string[] {
  return ['Reports:', ...REPORTS.filter(({ file }) => written.has(file)).map(({ file, title, error }) => `- ${error ? '(errors) ' : ''}${title}: ${pathOf(file)}`)];
}
