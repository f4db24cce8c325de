import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atoi, csv, HELM_POLICIES, readArgo, readHelm } from '../../../../src/sequencers/manifests/reading.ts';
import { randomAnnotations } from './random-annotations.ts';

interface Reading {
  readonly annotations: Record<string, string>;
  readonly argo: { readonly isHook: boolean; readonly skipped: boolean; readonly types: readonly string[]; readonly wave: number; readonly policies: readonly string[] };
  readonly helm: { readonly is: 'hook' | 'release' | 'dropped'; readonly events: readonly string[]; readonly weight: number; readonly policies: readonly string[] };
}

const file = join(import.meta.dirname, 'engine-reading/readings.json');
const programs = process.env['UPDATE_READINGS']?.split(',');
if (programs) writeFileSync(file, record(programs));
const readings = JSON.parse(readFileSync(file, 'utf8')) as readonly Reading[];

function record([argo = '', helm = '']: readonly string[]): string {
  const sets = fc.sample(randomAnnotations, { numRuns: 500, seed: 4 });
  const ask = (program: string): readonly unknown[] => JSON.parse(execFileSync(program, { input: JSON.stringify(sets), encoding: 'utf8' })) as readonly unknown[];
  const [byArgo, byHelm] = [ask(argo), ask(helm)];
  return `[\n${sets.map((annotations, index) => JSON.stringify({ annotations, argo: byArgo[index], helm: byHelm[index] })).join(',\n')}\n]\n`;
}

describe('annotations are read as the engines read them', () => {
  test('500 recorded readings, hooks of every kind among them', () => {
    expect(readings.length).toBe(500);
    expect(new Set(readings.flatMap(({ argo }) => argo.types))).toEqual(new Set(['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip']));
    expect(new Set(readings.map(({ helm }) => helm.is))).toEqual(new Set(['hook', 'release', 'dropped']));
  });

  test('by Argo CD', () => {
    for (const { annotations, argo } of readings) {
      const { isHook, skipped, phases, wave, policies } = readArgo(annotations);
      const types = isHook ? argo.types.filter((type) => type !== 'Skip') : argo.skipped ? [] : ['Sync'];
      expect({ annotations, isHook, skipped, phases: [...phases].sort(), wave: String(wave) }).toEqual({
        annotations,
        isHook: argo.isHook,
        skipped: argo.skipped,
        phases: types,
        wave: String(argo.wave),
      });
      if (isHook) expect({ annotations, policies: [...policies].sort() }).toEqual({ annotations, policies: argo.policies });
    }
  });

  test('by Helm', () => {
    for (const { annotations, helm } of readings) {
      const read = readHelm(annotations);
      expect({ annotations, is: read.isHook ? (read.unknown.length > 0 ? 'dropped' : 'hook') : 'release' }).toEqual({ annotations, is: helm.is });
      if (helm.is !== 'hook') continue;
      const events = read.events.map((event) => (event === 'test-success' ? 'test' : event));
      const known = helm.policies.flatMap((policy) => HELM_POLICIES.get(policy) ?? []);
      const policies = annotations['helm.sh/hook-delete-policy'] === undefined ? ['BeforeHookCreation'] : [...new Set(known)].sort();
      expect({ annotations, events, weight: String(read.weight), policies: [...read.policies].sort() }).toEqual({ annotations, events: helm.events, weight: String(helm.weight), policies });
    }
  });
});

test('lists are trimmed and without repetitions', () => {
  expect(csv(' a,, b ,a')).toEqual(['a', 'b']);
  expect(csv(undefined)).toEqual([]);
});

test('integers are those of Go', () => {
  expect(['+3', '-5', '007', '2147483648'].map(atoi)).toEqual([3, -5, 7, 2_147_483_648]);
  expect(atoi('9223372036854775807')).toBe(2 ** 63);
  expect(['1.5', ' 1', '', '0x1', '9223372036854775808', '1_0'].map(atoi)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
});
