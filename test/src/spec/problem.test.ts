import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { kinds } from '../../../charts/index.ts';
import { plan } from '../../../src/cli/plan.ts';
import { DEEPEST, LONGEST_LINE } from '../../../src/spec/oversized.ts';
import { splitManifest } from '../../../src/spec/manifest-text.ts';
import { parseSpecs } from '../../../src/spec/parse.ts';
import { formatProblems, formatProblemsInOneLine, InvalidInput } from '../../../src/spec/problem.ts';

const folder = await mkdtemp(join(tmpdir(), 'hookwave-problems-'));
afterAll(() => rm(folder, { recursive: true }));

const SPEC = 'apiVersion: hookwave.dev/v1alpha1\nkind: CalicoUpgrade\nmetadata: {name: calico}\nspec:\n  from: v3.13.4\n  to: v3.32.1\n';
const UNKNOWN = Array.from({ length: 3000 }, (_, index) => `  k${index}: 1\n`).join('');

describe('thousands of problems', () => {
  const { problems } = parseSpecs('hookwave.yaml', SPEC + UNKNOWN, kinds);

  test('are all found, each at its line', () => {
    expect(problems).toHaveLength(3001);
    expect(problems.at(-1)).toMatchObject({ path: 'spec.k2999', line: 3006 });
  });

  test('are fifty and a count for people, ten and a count in one line', () => {
    const text = formatProblems(problems);
    expect(text.split('\n').filter((line) => line.startsWith('hookwave.yaml:'))).toHaveLength(50);
    expect(text.split('\n').at(-1)).toBe('and 2,951 more; `hookwave plan --output json` lists all problems of a spec');
    expect(formatProblemsInOneLine(new InvalidInput(problems))).toMatch(/ \[10\] .*and 2991 more; `hookwave plan --output json` lists all problems of a spec$/);
  });

  test('are all in the JSON of a plan', async () => {
    const file = join(folder, 'hookwave.yaml');
    await writeFile(file, SPEC + UNKNOWN);
    const written: string[] = [];
    const io = { out: (text: string) => void written.push(text), err: () => {}, interactive: false };
    await expect(plan({ file, output: 'json' }, io)).rejects.toThrow(InvalidInput);
    const { problems: printed } = JSON.parse(written.join(''));
    expect(printed).toHaveLength(3001);
    expect(printed[1]).toEqual({ file, path: 'spec.k0', line: 7, message: 'is an unknown key', fix: expect.stringContaining('remove it') });
  });
});

test('a problem repeats no more than a few hundred characters of the input', () => {
  const { problems } = parseSpecs('hookwave.yaml', SPEC.replace('v3.13.4', `<${'A'.repeat(100_000)}>`), kinds);
  expect(problems.some(({ message }) => message.length > 100_000)).toBe(true);
  expect(formatProblems(problems).length).toBeLessThan(2000);
});

describe('a line that no object could hold', () => {
  const line = `a: "${'x '.repeat(LONGEST_LINE / 2)}"`;

  test('is a problem of a spec, and the only one', () => {
    const { specs, problems } = parseSpecs('hookwave.yaml', `${SPEC}  ${line}\n`, kinds);
    expect({ specs, problems }).toEqual({ specs: [], problems: [{ file: 'hookwave.yaml', path: '', line: 7, message: expect.stringMatching(/^has a line of 1,572,\d{3} characters/), fix: 'make it smaller' }] });
  });

  test('is refused in a manifest, and one that just fits is not', () => {
    const manifest = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  ${data}\n`;
    expect(() => splitManifest(manifest(line))).toThrow(/^line 6: it has a line of 1,572,/);
    expect(splitManifest(manifest(`a: ${'x'.repeat(LONGEST_LINE - 5)}`))).toHaveLength(1);
  });
});

describe('nesting that no parser takes', () => {
  test.each([
    ['brackets, a line each', '[\n'.repeat(1000), DEEPEST + 1],
    ['maps in a line', '{a: '.repeat(3000), 1],
    ['items in a line', '- '.repeat(3000), 1],
  ])('%s: one problem, with its line', (_name, text, line) => {
    expect(parseSpecs('hookwave.yaml', text, kinds)).toEqual({ specs: [], problems: [{ file: 'hookwave.yaml', path: '', line, message: expect.stringMatching(/^nests .* more than 400 deep$/), fix: 'make it smaller' }] });
    expect(() => splitManifest(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${text}`)).toThrow(/it nests .* more than 400 deep/);
  });

  test('many brackets beside each other, and in text, are none', () => {
    const items = 'data:\n' + Array.from({ length: 5000 }, (_, index) => `  k${index}: {a: [1, {b: 2}]}\n  t${index}: from [0, 1) and [ ] or {x\n`).join('');
    expect(splitManifest(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${items}`)).toHaveLength(1);
  });
});
