import type { Pair } from './measure.ts';
import type { Figures, Row } from './number.ts';

/** A row for a pair of commands. */
export function pairRow(what: string, { ours, peer, ratio }: Pair, { peerName, goal, met, note }: { readonly peerName: string; readonly goal: string; readonly met?: boolean; readonly note?: string }): Row {
  return { what, ours: formatFigures(ours), peer: `${peerName}: ${formatFigures(peer)}`, ratio: formatRatio(ratio), goal, met, ...(note === undefined ? {} : { note }) };
}

export function formatFigures({ wallMs, cpuMs, rssMiB }: Figures): string {
  return `${formatMs(wallMs)} (CPU ${formatMs(cpuMs)}), ${rssMiB.toFixed(0)} MiB`;
}

function formatRatio({ wallMs, cpuMs, rssMiB }: Figures): string {
  return `${wallMs.toFixed(2)} (CPU ${cpuMs.toFixed(2)}, memory ${rssMiB.toFixed(2)})`;
}

export function formatMs(milliseconds: number): string {
  return milliseconds >= 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${milliseconds.toFixed(0)} ms`;
}

/** A Markdown table, so that it can be carried into the docs as it is. */
export function formatTable(rows: readonly Row[]): string {
  const head = ['what', 'ours', 'peer', 'ratio', 'goal', 'met'];
  const cells = rows.map(({ what, ours, peer, ratio, goal, met }) => [what, ours, peer, ratio, goal, met === undefined ? '-' : met ? 'yes' : '**no**']);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`;
  const notes = rows.filter(({ note }) => note !== undefined).map(({ what, note }) => `- ${what}: ${note}\n`);
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line), ...(notes.length > 0 ? ['\n', ...notes] : [])].join('');
}
