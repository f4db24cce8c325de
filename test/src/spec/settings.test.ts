import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { duration, filePath, release } from '../../../src/spec/fields.ts';
import { parametersOf } from '../../../src/spec/parameters.ts';
import { applySettings } from '../../../src/spec/settings.ts';
import { parseSettings } from '../../../src/spec/settings-json.ts';
import { InvalidInput } from '../../../src/spec/problem.ts';

const schema = z.strictObject({
  to: release.describe('the target'),
  file: filePath.optional(),
  type: z.literal('manifest'),
  wait: z.strictObject({ long: duration.prefault('30s').describe('how long'), tries: z.int().default(3) }).prefault({}),
  guard: z.boolean().default(true),
  names: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  patches: z.array(z.strictObject({ kind: z.string() })).default([]),
});

test('parameters are the scalars, lists and mappings that do not go with a commit of vendor files', () => {
  expect(parametersOf(schema)).toEqual([
    { name: 'wait.long', collection: 'string', type: 'string', description: 'how long', required: false, default: '30s' },
    { name: 'wait.tries', collection: 'string', type: 'number', description: '', required: false, default: 3 },
    { name: 'guard', collection: 'string', type: 'boolean', description: '', required: false, default: true },
    { name: 'names', collection: 'array', type: 'string', description: '', required: false, default: [] },
    { name: 'env', collection: 'map', type: 'string', description: '', required: false, default: {} },
  ]);
});

describe('settings', () => {
  const spec = { to: 'v1.2.3', wait: { long: '10s', tries: 5 }, names: ['a', 'b'], env: { A: 'file', B: 'file' } };

  test('a scalar and a list replace what the file says, a mapping is merged into it; the file is left as it was', () => {
    const before = structuredClone(spec);
    const applied = applySettings(schema, spec, [
      { name: 'wait.tries', string: '7' },
      { name: 'guard', string: 'false' },
      { name: 'names', array: ['c'] },
      { name: 'env', map: { B: 'app', C: 'app' } },
    ]);
    expect(applied).toEqual({
      spec: { to: 'v1.2.3', wait: { long: '10s', tries: 7 }, guard: false, names: ['c'], env: { A: 'file', B: 'app', C: 'app' } },
      set: ['wait.tries', 'guard', 'names', 'env'],
      problems: [],
    });
    expect(spec).toEqual(before);
  });

  test('a section that the file leaves out is made', () => {
    expect(applySettings(schema, { to: 'v1.2.3' }, [{ name: 'wait.long', string: '1h' }]).spec).toEqual({ to: 'v1.2.3', wait: { long: '1h' } });
  });

  test.each([
    [{ name: 'to', string: 'v1.2.4' }, 'is no parameter of this kind'],
    [{ name: 'patches', array: ['x'] }, 'is no parameter of this kind'],
    [{ name: 'names', string: 'c' }, 'is set as string'],
    [{ name: 'guard', string: 'true', array: ['true'] }, 'is set as string and array'],
    [{ name: 'guard' }, 'is set as nothing'],
  ])('%j: %s', (setting, message) => {
    const applied = applySettings(schema, spec, [setting]);
    expect(applied.problems.map((problem) => `${problem.name} ${problem.message}`)).toEqual([`${setting.name} ${message}`]);
    expect(applied.spec).toEqual(spec);
  });

  test('one that is set twice is refused', () => {
    expect(applySettings(schema, spec, [{ name: 'guard', string: 'true' }, { name: 'guard', string: 'false' }]).problems.map(({ message }) => message)).toEqual(['is set twice']);
  });
});

test("Argo CD's encoding is read: null where nothing is set, null for what a parameter is not", () => {
  expect([undefined, '', 'null', '[]'].map(parseSettings)).toEqual([[], [], [], []]);
  expect(parseSettings('[{"name":"a","string":""},{"name":"b","string":null,"array":["x"]}]')).toEqual([{ name: 'a', string: '' }, { name: 'b', array: ['x'] }]);
  for (const json of ['{', '{}', '[{"string":"x"}]', '[{"name":"a","map":["x"]}]']) expect(() => parseSettings(json), json).toThrow(InvalidInput);
});
