import { describe, expect, test } from 'vitest';
import { formatOutline } from '../../../src/cli/plan-text.ts';
import { examplePlan } from './example-plan.ts';

const plan = await examplePlan('calico-manifest');

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
    expect(text).toMatch(/calico-unprotect .* Waits for: approval\./);
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
