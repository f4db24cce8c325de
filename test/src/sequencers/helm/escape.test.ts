import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind } from '../../../../src/sequencers/helm/bind.ts';
import { escapeTemplate } from '../../../../src/sequencers/helm/escape.ts';
import { hostileText } from './hostile-text.ts';
import { render } from './mini-helm.ts';

test.each([
  ['plain', 'plain'],
  ['{{ .Values.x }}', '{{"{{"}} .Values.x }}'],
  ['{{- /* c */ -}}', '{{"{{"}}- /* c */ -}}'],
  ['{{{{', '{{"{{"}}{{"{{"}}'],
  ['a{{{b', 'a{{"{{"}}{b'],
  ['}} `{` "', '}} `{` "'],
  ['ends with {', 'ends with {{"{"}}'],
])('%s becomes %s', (text, template) => {
  expect(escapeTemplate(text)).toBe(template);
});

test('any text survives: no brace of it opens an action', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(render(escapeTemplate(text), {})).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test('a bound scalar is replaced where it stands; the rest keeps its bytes and comments', () => {
  const text = '# {{ comment }}\nspec:\n  image: "a"   # why\n  list: [x, {{y}: 1}, 5]\n  text: |\n    {{ keep }}\n';
  const template = bind(text, [
    { path: ['spec', 'list', 2], template: '{{ add (include "hookwave.seconds" .Values.d) 1 }}' },
    { path: ['spec', 'image'], template: '{{ .Values.image | quote }}' },
  ]);
  expect(render(template, { image: 'b', d: '2m' })).toBe(text.replace('"a"', '"b"').replace('5]', '121]'));
});

test('what is no scalar of one line is never bound', () => {
  const text = 'map: {a: 1}\ntext: |\n  lines\n';
  expect(() => bind(text, [{ path: ['map'], template: '' }])).toThrow('map is no scalar of one line');
  expect(() => bind(text, [{ path: ['text'], template: '' }])).toThrow('text is no scalar');
  expect(() => bind(text, [{ path: ['gone', 0], template: '' }])).toThrow('gone.0 is no scalar');
});
