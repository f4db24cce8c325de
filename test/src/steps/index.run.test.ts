import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STEPS } from '../../../src/steps/index.run.ts';

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
