import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evidence, type Engine } from '../../../../src/sequencers/lint/evidence.ts';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import { rules } from '../../../../src/sequencers/lint/rules/index.ts';

const folder = join(import.meta.dirname, '../../../e2e/lint');
const FILES: Readonly<Record<Engine, RegExp>> = { argo: /^argo-.*\.ts$/, helm: /^helm-.*\.ts$/, kubernetes: /^kubernetes\.ts$/ };

/** The tests of an engine that are named after rules: their source, and the codes at the head of the title, `a, b: what is shown`. */
function testsOf(engine: Engine): readonly { readonly codes: readonly string[]; readonly source: string }[] {
  const texts = readdirSync(folder).filter((name) => FILES[engine].test(name)).map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.flatMap((text) => text.split(/(?=\bit\()/).slice(1)).flatMap((source) => {
    const [, head] = /^it\(\s*['"`]([a-z-]+(?:, [a-z-]+)*): /.exec(source) ?? [];
    return head === undefined ? [] : [{ codes: head.split(', '), source }];
  });
}

test('every rule says where its claim is shown in the real engine, or why not', () => {
  expect(Object.keys(evidence).sort()).toEqual(rules.map(({ code }) => code).sort());
  for (const [code, { shown, notShown }] of Object.entries(evidence)) expect({ code, said: shown.length > 0 || (notShown?.length ?? 0) > 40 }).toEqual({ code, said: true });
});

test.each(Object.keys(FILES) as Engine[])('what is said to be shown in %s is what its tests are named after', (engine) => {
  const said = Object.entries(evidence).flatMap(([code, { shown }]) => (shown.includes(engine) ? [code] : []));
  expect([...new Set(testsOf(engine).flatMap(({ codes }) => codes))].sort()).toEqual(said.sort());
});

test.each(Object.keys(FILES) as Engine[])('no test of %s passes without asking for anything', (engine) => {
  expect(testsOf(engine).filter(({ source }) => !/\bexpect\w*\(/.test(source)).map(({ codes }) => codes)).toEqual([]);
});

test('what a rule says with --engine helm is shown in Helm, or in Kubernetes itself', () => {
  const speaking = rules.filter((rule) => {
    const source = [{ file: 'bad.yaml', text: asHelm(rule.bad) }];
    const options = { ...rule.needs, engine: 'helm' } as const;
    const { findings } = rule.scope === 'template' ? lintManifests([], { ...options, templates: source }) : lintManifests(source, options);
    return findings.some(({ code }) => code === rule.code);
  });
  expect(speaking.length).toBeGreaterThan(20);
  expect(speaking.map(({ code }) => code).filter((code) => evidence[code]?.shown.every((engine) => engine === 'argo'))).toEqual([]);
});

/** Hooks of Argo CD in an example, turned into Helm's. */
function asHelm(text: string): string {
  const words = [['argocd.argoproj.io/hook', 'helm.sh/hook'], ['argocd.argoproj.io/sync-wave', 'helm.sh/hook-weight'], ['PreSync', 'pre-install'], ['PostSync', 'post-install'], ['BeforeHookCreation', 'before-hook-creation'], ['HookSucceeded', 'hook-succeeded']] as const;
  return words.reduce((changed, [word, helms]) => changed.replaceAll(word, helms), text);
}
