import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { flags } from '../../../src/constructs/runner-container.ts';
import { parseArguments } from '../../../src/runner/args.ts';
import { UsageError } from '../../../src/runner/usage-error.ts';
import { defineStep, type StepDefinition } from '../../../src/steps/step.ts';

const COMMON = ['--upgrade=calico', '--hooks-namespace=hooks', '--plan=0a1b2c3d', '--deadline-seconds=60'];

const look = defineStep({
  name: 'look',
  summary: 'looks',
  params: z.object({
    namespace: z.string().default('kube-system'),
    graceSeconds: z.number().int().positive().optional(),
    approved: z.boolean().default(false),
    names: z.array(z.string()).default([]),
    ports: z.array(z.number()).readonly().optional(),
  }),
  access: () => [],
}) as unknown as StepDefinition;

function problemsOf(given: readonly string[]): readonly string[] {
  try {
    parseArguments(look, given);
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
}

test('common flags and typed parameters', () => {
  expect(parseArguments(look, [...COMMON, '--grace-seconds=5', '--approved=true', '--names=a,b', '--ports=1,2'])).toEqual({
    identity: { upgrade: 'calico', namespace: 'hooks', plan: '0a1b2c3d' },
    deadlineSeconds: 60,
    params: { namespace: 'kube-system', graceSeconds: 5, approved: true, names: ['a', 'b'], ports: [1, 2] },
  });
});

test('--hooks-namespace is that of the hooks, --namespace may be a parameter of the step', () => {
  const { identity, params } = parseArguments(look, [...COMMON, '--namespace=calico-system']);
  expect([identity.namespace, params['namespace']]).toEqual(['hooks', 'calico-system']);
});

test('a value may hold anything, equals signs and newlines too', () => {
  expect(parseArguments(look, [...COMMON, '--names=a=b\nc']).params['names']).toEqual(['a=b\nc']);
});

describe('problems', () => {
  test('all at once, with a usage line', () => {
    const given = ['--upgrade=No', '--plan=xyz', '--deadline-seconds=0', '--graceseconds=5', 'loose', '--approved=yes', '--names=a', '--names=b', '--grace-seconds=much'];
    expect(problemsOf(given)).toEqual([
      '--graceseconds: unknown flag',
      'loose: expected --key=value',
      '--names: given twice',
      "--upgrade: expected the spec's name, got No",
      '--hooks-namespace: expected the namespace of the hooks, got nothing',
      '--plan: expected the plan digest, 8 hex digits, got xyz',
      '--deadline-seconds: expected a positive number of seconds, got 0',
      '--grace-seconds: Invalid input: expected number, received string',
      '--approved: Invalid input: expected boolean, received string',
    ]);
    expect(() => parseArguments(look, given)).toThrow('usage: run look --upgrade= --hooks-namespace= --plan= --deadline-seconds= [--namespace=] [--grace-seconds=] [--approved=] [--names=] [--ports=]');
  });

  test('a flag named like something of every object', () => {
    expect(problemsOf([...COMMON, '--constructor=x'])).toEqual(['--constructor: unknown flag']);
  });

  test('a common flag that the step does not have, given twice', () => {
    expect(problemsOf([...COMMON, '--plan=0a1b2c3d'])).toEqual(['--plan: given twice']);
  });
});

const word = fc.stringMatching(/^[a-zA-Z0-9=._-]{1,12}$/);

test('what synthesis writes is what the runner reads', () => {
  const params = fc.record(
    { namespace: word, graceSeconds: fc.integer({ min: 1, max: 100_000 }), approved: fc.boolean(), names: fc.array(word), ports: fc.array(fc.integer(), { minLength: 1 }) },
    { requiredKeys: [] },
  );
  fc.assert(fc.property(params, (given) => {
    expect(parseArguments(look, [...COMMON, ...flags(given)]).params).toEqual({ namespace: 'kube-system', approved: false, names: [], ...given });
  }));
});

test('no arguments crash it', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...COMMON), fc.string().map((text) => `--names=${text}`))), (given) => {
    expect(Array.isArray(problemsOf(given))).toBe(true);
  }));
});
