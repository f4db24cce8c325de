import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STEPS } from '../../../src/steps/index.run.ts';
import { SCENARIOS } from '../../e2e/matrix/scenarios.ts';

test('every step is registered under its own name', async () => {
  for (const [name, load] of Object.entries(STEPS)) {
    const { definition, run } = await load();
    expect([definition.name, typeof run]).toEqual([name, 'function']);
  }
});

test('every definition that has a run beside it is registered', () => {
  const root = join(import.meta.dirname, '../../../src/steps');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const steps = files.filter((file) => file.endsWith('.run.ts') && files.includes(file.replace('.run.ts', '.ts'))).map((file) => file.replace(/^.*\//, '').replace('.run.ts', ''));
  expect(Object.keys(STEPS).sort()).toEqual(steps.sort());
});

test('a step that is recorded has the right to write the run record', async () => {
  const identity = { upgrade: 'calico', namespace: 'hooks', plan: 'aaaaaaaa' };
  const params = { from: 'v3.13.4', to: 'v3.32.1', file: 'f', tunables: 't', node: 'n' };
  const without: string[] = [];
  for (const [name, load] of Object.entries(STEPS)) {
    const { definition } = await load();
    const known = Object.fromEntries(Object.entries(params).filter(([key]) => key in definition.params.shape));
    const rules = definition.access(definition.params.parse(known), identity);
    const may = (verb: 'create' | 'update'): boolean => rules.some(({ resources, verbs, namespace }) => resources.includes('configmaps') && verbs.includes(verb) && namespace === 'hooks');
    if (!(may('create') && may('update'))) without.push(name);
    expect([name, definition.unrecorded ?? false]).toEqual([name, without.includes(name)]);
  }
  expect(without).toEqual(['calico-endpoint-guard']);
});

test('every step has a case in the matrix of kills and storms, and a case that writes where it has the right to', () => {
  const stepsWith = (writes: number): readonly string[] => [...new Set(SCENARIOS.filter((scenario) => scenario.writes >= writes).map(({ step }) => step))].sort();

  expect(stepsWith(0)).toEqual(Object.keys(STEPS).sort());
  // The guard runs as calico-node's own account, which may not even write the run record.
  expect(stepsWith(1)).toEqual(Object.keys(STEPS).filter((step) => step !== 'calico-endpoint-guard').sort());
});
