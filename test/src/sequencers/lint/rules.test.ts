import { describe, expect, test } from 'vitest';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import { rules } from '../../../../src/sequencers/lint/rules/index.ts';
import { listOf } from './list-of.ts';

const APPLICATION_RULES = rules.filter(({ scope }) => scope === 'application').map(({ code }) => code);

function codesIn(text: string, rule: (typeof rules)[number]): readonly string[] {
  const source = [{ file: 'example.yaml', text }];
  const { findings } = rule.scope === 'template' ? lintManifests([], { ...rule.needs, templates: source }) : lintManifests(source, rule.needs);
  const codes = [...new Set(findings.map(({ code }) => code))];
  return rule.scope === 'application' ? codes : codes.filter((code) => !APPLICATION_RULES.includes(code));
}

describe.each(rules.map((rule) => [rule.code, rule] as const))('%s', (_, rule) => {
  test('its bad example breaks this rule, and no other but those that it names', () => {
    const codes = codesIn(rule.bad, rule);
    expect(codes).toContain(rule.code);
    expect(codes.filter((code) => code !== rule.code).sort()).toEqual([...(rule.also ?? [])].sort());
  });

  test('its good example breaks none', () => {
    expect(codesIn(rule.good, rule)).toEqual([]);
  });

  test('says what, why, whence and what to do', () => {
    expect(rule.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.title).toMatch(/^[^.]+$/);
    expect(rule.why.length).toBeGreaterThan(80);
    expect(rule.source).toMatch(/v\d|issue|documentation/);
    expect(rule.fix).not.toMatch(/\.$/);
  });
});

// A document that can't be read can't be an item, a template is none, and Helm reads a List otherwise.
const listable = rules.filter(({ code, scope, bad, good }) => scope !== 'template' && !/^yaml-|^incomplete-/.test(code) && !`${bad}${good}`.includes('helm.sh/'));

test.each(listable.map((rule) => [rule.code, rule] as const))('%s judges the items of one List as it judges documents', (_, rule) => {
  for (const text of [rule.bad, rule.good]) expect(codesIn(listOf(text.split(/^---\n/m)), rule).toSorted()).toEqual(codesIn(text, rule).toSorted());
});

test('codes are unique', () => {
  expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
});
