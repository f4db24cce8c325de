import { visit, type Document } from 'yaml';
import { YAML_STYLE } from '../yaml-style.ts';

/** YAML text that kubectl, Argo CD and Helm (go-yaml, YAML 1.1) read as it is meant. */
export function yamlText(document: Document): string {
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && NEEDS_QUOTES.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString(YAML_STYLE).replace(LINE_BREAKS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** go-yaml refuses a block scalar that begins with a tab, and breaks lines where YAML 1.2 does not; blanks before the first line break get lost in one. */
const NEEDS_QUOTES = /^\s*(\t| \n)|[\u0085\u2028\u2029\ufeff]/;
const LINE_BREAKS = /[\u0085\u2028\u2029\ufeff]/g;
