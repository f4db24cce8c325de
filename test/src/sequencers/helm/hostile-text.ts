import fc from 'fast-check';

/** Was found by chance: the YAML library makes a backslash of its line of one blank. */
export const LINE_OF_A_BLANK = '\thelm.sh/hook: a test, and more than forty characters\n \n';

/** Text that template engines, YAML and Helm's way of splitting documents could trip over. */
export const hostileText = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('{{', '}}', '{', '}', '{{-', '-}}', '{{/*', '*/}}', '`', '"', "'", '\\', '%', '$', '#', ' ', '\n', '\n\n', '---\n', '\n---\n', '...\n', '\t', ': ', '- ', '&a', '*a', '|', '>', '\u2028', '\u0085', '\ufeff', '\u00e9', '\u{1f6a2}', '{{ .Values.x }}', '{{ end }}', 'helm.sh/hook: test') },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
