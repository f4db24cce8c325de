import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import type { LintOptions } from '../../../../src/sequencers/lint/model.ts';
import { cacheFolder } from '../../../cluster/paths.ts';
import { helms, run, type RealHelm } from '../helm/real-helm.ts';

/** Findings in one of upstream's charts or applications, judged true; anything else would be a false alarm. */
interface Judged {
  readonly chart: string;
  /** `code kind name` */
  readonly findings: readonly string[];
  /** Found only with these options. @default found without options */
  readonly options?: keyof typeof OPTIONS;
  readonly reason: string;
}

/** Options that may find more. */
const OPTIONS = {
  '--engine helm': { engine: 'helm' },
  '--engine argo --self-heal --fleet': { engine: 'argo', selfHeal: true, fleet: true },
} as const satisfies Readonly<Record<string, LintOptions>>;

interface Chart {
  readonly name: string;
  readonly folder: string;
  readonly values?: readonly string[];
}

const folder = join(cacheFolder(), 'charts');
const present = existsSync(folder);
const note = present ? '' : ` (skipped: no ${folder}; run test/cluster/parts/build charts)`;
const names = present ? readdirSync(folder).sort() : [];
const charts: readonly Chart[] = [
  ...names.map((name) => ({ name, folder: join(folder, name) })),
  { name: 'minio with a bucket', folder: join(folder, 'minio'), values: ['defaultBucket.enabled=true', 'defaultBucket.name=data'] },
];
const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'chart-findings.json'), 'utf8')) as readonly Judged[];

for (const tool of helms) {
  describe.skipIf(!tool.present || !present)(`upstream's charts, rendered by ${tool.title}${note}`, () => {
    test.each(charts)('$name: lint finds just what has been judged true', async (chart) => {
      const text = await textOf(chart, tool);
      const found = findingsIn(text);

      expect(found).toEqual(expected(chart));
      for (const [name, options] of Object.entries(OPTIONS)) {
        const more = findingsIn(text, options).filter((one) => !found.includes(one));
        expect({ name, more }).toEqual({ name, more: expected(chart, name) });
      }
    });
  });
}

test('every judgement is about a chart that is there, and has its reason', () => {
  if (present) expect(judged.filter(({ chart }) => !charts.some(({ name }) => name === chart))).toEqual([]);
  expect(judged.filter(({ reason, findings }) => reason.length < 60 || findings.length === 0)).toEqual([]);
});

function findingsIn(text: string, options?: LintOptions): readonly string[] {
  const { objects, findings } = lintManifests([{ file: 'rendered.yaml', text }], options);
  expect(objects).toBeGreaterThan(0);
  return findings.map(({ code, object, message }) => (object ? `${code} ${object.kind} ${object.name}` : `${code} ${message}`)).toSorted();
}

function expected({ name }: Chart, options?: string): readonly string[] {
  return judged.filter((one) => one.chart === name && one.options === options).flatMap((one) => one.findings).toSorted();
}

/** A folder without a Chart.yaml is an application of plain manifests. */
async function textOf({ folder: path, values = [] }: Chart, tool: RealHelm): Promise<string> {
  if (existsSync(join(path, 'Chart.yaml'))) return run(tool, 'template', 'rel', path, '--namespace', 'demo', '--include-crds', ...values.flatMap((value) => ['--set', value]));
  const files = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  return files.map((name) => readFileSync(join(path, name), 'utf8')).join('\n---\n');
}
