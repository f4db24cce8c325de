import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome, V3Resource } from '../../../../src/calico/migration/model.ts';
import { reportEntry, reportList, REPORTS } from '../../../../src/calico/migration/reports.ts';
import { bulletLines, errorLines, messageLines, SEPARATOR } from '../../../../src/calico/migration/text.ts';

const resource: V3Resource = { kind: 'Profile', apiVersion: 'projectcalico.org/v3', metadata: { name: 'x' }, spec: {} };
const yaml = (): string => 'kind: Profile\n';

test.each<[Outcome, string, string]>([
  [{ is: 'converted', object: { is: 'resource', resource }, v1: 'Profile(name=X)', v3: 'Profile(x)', named: true }, 'convertednames', 'Profile(name=X) -> Profile(x)\n'],
  [{ is: 'clash', v1: 'Node(name=B)', other: 'Node(name=b)', v3: 'Node(b)' }, 'nameclashes', 'Node(name=B) and Node(name=b) -> Node(b)\n'],
  [{ is: 'conversion error', v1: 'Policy(name=p)', cause: 'why' }, 'conversionerrors', 'Policy(name=p): why\n'],
  [
    { is: 'validation error', v1: 'Profile(name=X)', v3: 'Profile(x)', cause: 'error with the following fields:\n-  A\n-  B\n', resource },
    'validationerrors',
    'v1 name: Profile(name=X)\nv3 name: Profile(x)\nerror: error with the following fields:\n-  A\n-  B\nv3 resource:\nkind: Profile\n\n\n---\n\n',
  ],
  [{ is: 'skipped', v1: 'Profile(name=k8s_ns.a)', why: 'reason' }, 'skipped', 'Profile(name=k8s_ns.a): reason\n'],
])('$is goes into its report', (outcome, file, text) => {
  expect(reportEntry(outcome, yaml)).toEqual({ file, text });
});

test('what upstream does not name is in no report', () => {
  expect(reportEntry({ is: 'converted', object: { is: 'ipam', path: '/x', value: {} }, v1: 'a', v3: 'b', named: false }, yaml)).toBeUndefined();
});

test('the list names the reports that exist, errors marked', () => {
  expect(reportList(new Set(['validationerrors', 'convertednames', 'skipped']), (file) => `/out/${file}`)).toEqual([
    'Reports:',
    '- name conversion: /out/convertednames',
    '- (errors) v3 validation errors: /out/validationerrors',
    '- skipped: /out/skipped',
  ]);
  expect(reportList(new Set(REPORTS.map(({ file }) => file)), (file) => file)).toHaveLength(6);
});

describe('text breaks where upstream breaks it', () => {
  test('greedily at 79 columns', () => {
    const [first, second] = [`${'a'.repeat(39)} ${'b'.repeat(39)}`, 'c'];
    expect(messageLines(`${first} ${second}`)).toEqual([first, second]);
    expect(messageLines(`${first}d ${second}`)).toEqual(['a'.repeat(39), `${'b'.repeat(39)}d c`]);
  });

  test('the line that scripts look for stays whole', () => {
    expect(errorLines('Error converting data, check output for details and resolve issues before starting upgrade')).toEqual([
      'ERROR: Error converting data, check output for details and resolve issues',
      'before starting upgrade',
    ]);
  });

  test('existing breaks stay, blanks and blank lines go', () => {
    expect(messageLines('  one   two\n\n \t\nthree ')).toEqual(['one two', 'three']);
    expect(messageLines('')).toEqual([]);
  });

  test('bullets hang and are three columns narrower', () => {
    expect(bulletLines(`${'a'.repeat(76)} b`)).toEqual([` * ${'a'.repeat(76)}`, '   b']);
    expect(bulletLines(`${'a'.repeat(74)} b`)).toEqual([` * ${'a'.repeat(74)} b`]);
  });

  test('a word that is too long stands alone', () => {
    expect(messageLines(`a ${'x'.repeat(100)} b`)).toEqual(['a', 'x'.repeat(100), 'b']);
  });

  test('the separator is 79 dashes between empty lines', () => {
    expect(SEPARATOR).toEqual(['', '-'.repeat(79), '']);
  });

  test('no word is lost, no line is too long but for its one word', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 80 }), (text) => {
        const lines = messageLines(text);
        expect(lines.join(' ').split(' ')).toEqual(text.split(' '));
        expect(lines.every((line) => line.length <= 79 || !line.includes(' '))).toBe(true);
      }),
    );
  });
});
