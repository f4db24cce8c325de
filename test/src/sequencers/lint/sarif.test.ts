import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import { rules } from '../../../../src/sequencers/lint/rules/index.ts';
import { toSarif } from '../../../../src/sequencers/lint/sarif.ts';

interface Validator {
  (data: unknown): boolean;
  readonly errors?: readonly object[] | null;
}

/** The schema of OASIS as that package carries it; draft 04, which the ajv of the same package still reads. */
const carrier = createRequire(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json'));
const Ajv = carrier('ajv') as new (options: object) => { addMetaSchema(schema: object): void; compile(schema: object): Validator };
const ajv = new Ajv({ schemaId: 'id', allErrors: true });
ajv.addMetaSchema(carrier('ajv/lib/refs/json-schema-draft-04.json') as object);
const validate = ajv.compile(carrier('./lib/schemas/sarif-2.1.0-rtm.5.json') as object);

function problems(data: unknown): readonly object[] {
  return validate(JSON.parse(JSON.stringify(data))) ? [] : (validate.errors ?? []);
}

test('the findings of all bad examples are valid by the schema of SARIF 2.1.0', () => {
  const findings = rules.flatMap(({ code, bad, needs, scope }) => {
    const source = [{ file: `dir with space/${code}#1?.yaml`, text: bad }];
    return lintManifests(scope === 'template' ? [] : source, { ...needs, ...(scope === 'template' && { templates: source }) }).findings;
  });
  expect(new Set(findings.map(({ code }) => code)).size).toBe(rules.length);
  expect(problems(toSarif(findings, '1.2.3'))).toEqual([]);
  expect(problems(toSarif([], '1.2.3'))).toEqual([]);
});

test('the schema finds what is wrong', () => {
  const [finding] = lintManifests([{ file: 'a.yaml', text: rules[0]?.bad ?? '' }]).findings;
  const broken = toSarif([{ ...finding, line: 0 } as never], '1.2.3');
  expect(problems(broken)).toEqual([expect.objectContaining({ dataPath: '.runs[0].results[0].locations[0].physicalLocation.region.startLine' })]);
});
