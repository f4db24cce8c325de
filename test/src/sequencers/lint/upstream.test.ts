import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import { hasUpstream } from '../../../upstream.ts';
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

test.runIf(hasUpstream)("in upstream's manifests and charts lint finds just what has been judged true", { timeout: 120_000 }, () => {
  const found = upstreamFiles().flatMap(({ file, text }) =>
    lintManifests([{ file, text }]).findings.map(({ code, object }) => ({ file, code, object: `${object?.kind} ${object?.name}` })),
  );
  const expected = (file: string, code: string): Judged | undefined => judged.find((one) => one.code === code && one.files.includes(file));
  const unjudged = found.filter(({ file, code, object }) => {
    const objects = expected(file, code)?.objects;
    return objects === undefined || (typeof objects !== 'number' && !objects.includes(object));
  });
  expect(unjudged).toEqual([]);
  for (const { code, objects, files, reason } of judged) {
    expect(reason.length).toBeGreaterThan(60);
    for (const file of files) {
      const own = found.filter((one) => one.file === file && one.code === code);
      expect({ file, code, count: own.length }).toEqual({ file, code, count: typeof objects === 'number' ? objects : objects.length });
    }
  }
});
