/** `npm run bench [-- NAME...] [--runs=N] [--cluster] [--output=json]`: every number beside its peer, in one table. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import type { BenchNumber, Row } from './number.ts';
import { NUMBERS } from './numbers/index.ts';
import { formatTable } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '11' }, cluster: { type: 'boolean', default: false }, output: { type: 'string', default: 'text' } },
});

const unknown = positionals.filter((name) => !NUMBERS.some((number) => number.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no number ${unknown.join(', ')}; there are:\n${NUMBERS.map(({ name, about }) => `  ${name.padEnd(16)} ${about}\n`).join('')}`);
  process.exit(2);
}

const chosen = NUMBERS.filter(({ name, needs }) => (positionals.length > 0 ? positionals.includes(name) : needs === undefined || values.cluster));
const machine = describeMachine();
process.stderr.write(`${machine.line}\n${machine.warning === undefined ? '' : `warning: ${machine.warning}\n`}`);

// Servers that a number starts don't keep this process alive.
setInterval(() => {}, 60_000);
const rows: Row[] = [];
for (const number of chosen) rows.push(...(await measured(number)));
const left = NUMBERS.filter((number) => !chosen.includes(number)).map(({ name }) => name);
if (positionals.length === 0 && left.length > 0) process.stderr.write(`not measured without --cluster: ${left.join(', ')}\n`);
process.stdout.write(values.output === 'json' ? `${JSON.stringify({ machine, rows }, null, 2)}\n` : formatTable(rows));
process.exit();

/** One that can't be measured says so, and the others go on. */
async function measured(number: BenchNumber): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hookwave-bench-'));
  process.stderr.write(`${number.name}: ${number.about}\n`);
  try {
    return await number.run({ runs: Number(values.runs), folder });
  } catch (error) {
    process.exitCode = 1;
    return [{ what: number.name, ours: 'not measured', peer: '', ratio: '', goal: '', met: undefined, note: error instanceof Error ? error.message : String(error) }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
