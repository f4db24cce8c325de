import { describe, expect, test } from 'vitest';
import { formatOutline } from '../../../src/cli/plan-text.ts';
import { widthFor, wrap } from '../../../src/cli/wrap.ts';
import { examplePlan } from './example-plan.ts';

const plan = await examplePlan('calico-manifest');
const migration = await examplePlan('calico-datastore-migration');

describe('the text of a plan', () => {
  const text = formatOutline(plan, { rights: false });

  test('names each job once, in the order of the phases, with its steps', () => {
    const order = ['preflight', 'prepare', 'upgrade', 'verify', 'cleanup', 'rescue'].map((phase) => text.indexOf(`\n${phase}\n`));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    for (const step of plan.entries.flatMap(({ steps }) => steps)) expect(text.split(`\n         ${step.name} `)).toHaveLength(2);
  });

  test('joins objects that are there for one reason, workloads first', () => {
    expect(text).toContain('    0  DaemonSet calico-node, Deployment calico-kube-controllers, 2 × ServiceAccount, ');
  });

  test('shows the guard of a workload and what waits for an approval', () => {
    expect(text).toMatch(/guard calico-endpoint-guard {2}Holds calico-node/);
    expect(text).toMatch(/calico-unprotect [^.]*\.\s+Waits for:\s+approval\./);
  });

  test('leaves rights and the objects that give them out', () => {
    expect(text).not.toMatch(/ may |RoleBinding hookwave/);
  });
});

test('--rights shows what each step may do and the objects that give the right', () => {
  const text = formatOutline(plan, { rights: true });
  expect(text).toContain('           may get/list/delete jobs.batch in hookwave-calico\n');
  expect(text).toContain('   -1  ServiceAccount hookwave-calico-preflight: identity of job preflight\n');
});

test('every object that gives a job or guard its rights says so', () => {
  const serving = plan.entries.filter(({ kind, name }) => /Role|ServiceAccount/.test(kind) && name.startsWith('hookwave-'));
  expect(serving.length).toBeGreaterThan(10);
  expect(serving.filter(({ serves }) => serves === undefined)).toEqual([]);
});

describe('a plan is readable', () => {
  const longestLine = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
  const wordsOf = (text: string): readonly string[] => text.split(/\s+/);

  test.each([
    ['in a pipe', undefined, 100],
    ['in a wide terminal', 250, 100],
    ['in a usual terminal', 80, 80],
    ['in a tiny terminal', 10, 72],
  ])('%s', (_where, columns, widest) => {
    for (const upgrade of [plan, migration]) for (const rights of [false, true]) {
      const text = formatOutline(upgrade, { rights, width: widthFor(columns) });
      expect(longestLine(text)).toBeLessThanOrEqual(widest);
      expect(longestLine(text)).toBeGreaterThan(widest - 12);
      expect(wordsOf(text)).toEqual(wordsOf(formatOutline(upgrade, { rights, width: 10_000 })));
    }
  });

  test('without colours or other escapes', () => {
    expect(formatOutline(plan, { rights: true })).not.toContain('\u001b');
  });
});

test('a word that is longer than a line stands over, and nothing is lost', () => {
  expect(wrap('- ', `one ${'x'.repeat(20)} two`, 10)).toEqual(['- one', `  ${'x'.repeat(20)}`, '  two']);
});
