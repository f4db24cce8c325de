import { expect, test, vi } from 'vitest';
import { Parser } from 'yaml';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';

test('the lines of findings about the items of a List are found in one tree', () => {
  const item = (name: string): string => `- apiVersion: batch/v1\n  kind: Job\n  metadata:\n    name: ${name}\n`;
  const text = `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: 50 }, (_, index) => item(`job${index}`)).join('')}`;
  const parse = vi.spyOn(Parser.prototype, 'parse');
  const { findings } = lintManifests([{ file: 'a.yaml', text }]);
  expect(findings.map(({ code, line }) => `${code}:${line}`)).toEqual(Array.from({ length: 50 }, (_, index) => `tracked-job-fixed-name:${7 + index * 4}`));
  expect(parse).toHaveBeenCalledTimes(1);
  parse.mockRestore();
});
