import type { Source } from '../manifests/documents.ts';

/** Where a template calls something. */
export interface TemplateCall {
  readonly name: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Calls in the actions of Go templates that `names` matches; comments and texts in quotes are passed over. @param names of a function or field, anchored at its begin and end */
export function* templateCalls(templates: readonly Source[], names: RegExp): Iterable<TemplateCall> {
  for (const { file, text } of templates) {
    for (const action of text.matchAll(ACTION)) {
      for (const word of blankQuoted(action[0]).matchAll(WORD)) {
        if (names.test(word[0])) yield { name: word[0], file, line: lineAt(text, action.index + word.index) };
      }
    }
  }
}

/** An action that is no comment. */
const ACTION = /\{\{-?(?!\s*\/\*)[\s\S]*?\}\}/g;
/** A function, or a field with all before it: `now` is a call, `.Values.now` and `$now` are not. */
const WORD = /[$.\w][.\w]*/g;

/** Same length, so that places stay. */
function blankQuoted(action: string): string {
  return action.replaceAll(/"(?:\\.|[^"\\])*"|`[^`]*`/g, (quoted) => ' '.repeat(quoted.length));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
