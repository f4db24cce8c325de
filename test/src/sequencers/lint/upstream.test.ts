import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import type { LintOptions } from '../../../../src/sequencers/lint/model.ts';
import { hasUpstream, UPSTREAM_FOLDER } from '../../../upstream.ts';
import { upstreamFiles } from './upstream-files.ts';

/** Findings in upstream's files, each judged: what is listed here is true, and anything else would be a false alarm. */
interface Judged {
  readonly code: string;
  /** `Kind name`; or a number of objects that share the finding. */
  readonly objects: readonly string[] | number;
  readonly files: readonly string[];
  readonly reason: string;
}

const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'upstream-findings.json'), 'utf8')) as readonly Judged[];

const note = hasUpstream ? '' : ` (skipped: no upstream files in ${UPSTREAM_FOLDER}; set HOOKWAVE_TESTDATA)`;

describe.skipIf(!hasUpstream)(`upstream's manifests and charts${note}`, () => {
  test('lint finds just what has been judged true', { timeout: 120_000 }, () => {
    const found = findings();
    expect(found.filter((one) => !isJudged(one))).toEqual([]);
    for (const { code, objects, files, reason } of judged) {
      expect(reason.length).toBeGreaterThan(60);
      for (const file of files) {
        const own = found.filter((one) => one.file === file && one.code === code);
        expect({ file, code, count: own.length }).toEqual({ file, code, count: typeof objects === 'number' ? objects : objects.length });
      }
    }
  });

  // None of these files has an order of Argo CD, and their only hook runs at the end of a release.
  test.each<[string, LintOptions, gone: readonly string[]]>([
    ['--engine helm', { engine: 'helm' }, ['server-side-apply-required']],
    ['--engine argo --self-heal --fleet', { engine: 'argo', selfHeal: true, fleet: true }, ['hook-job-not-recreated']],
  ])('with %s it finds nothing else, and leaves out what the other tool does', { timeout: 120_000 }, (_, options, gone) => {
    const found = findings(options);
    expect(found.filter((one) => !isJudged(one))).toEqual([]);
    expect(codesOf(judged).filter((code) => !codesOf(found).includes(code))).toEqual(gone);
  });
});

interface Found {
  readonly file: string;
  readonly code: string;
  readonly object: string;
}

function isJudged({ file, code, object }: Found): boolean {
  return judged.some((one) => one.code === code && one.files.includes(file) && (typeof one.objects === 'number' || one.objects.includes(object)));
}

function codesOf(found: readonly { readonly code: string }[]): readonly string[] {
  return [...new Set(found.map(({ code }) => code))];
}

function findings(options?: LintOptions): readonly Found[] {
  return upstreamFiles().flatMap(({ file, text }) => lintManifests([{ file, text }], options).findings.map(({ code, object }) => ({ file, code, object: `${object?.kind} ${object?.name}` })));
}
