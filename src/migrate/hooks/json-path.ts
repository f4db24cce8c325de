/**
 * The part of kubectl's JSONPath that selects an image: fields (`.name`, `['name']`), `[n]`, `[*]` and filters `[?(@.a.b=='text')]`, in one pair of braces.
 * @throws TypeError for anything else
 */
export function parseJsonPath(text: string): (root: unknown) => readonly unknown[] {
  const body = /^\{(.*)\}$/s.exec(text.trim())?.[1];
  if (body === undefined) throw new TypeError('it does not stand in one pair of braces');
  const steps: Step[] = [];
  for (let rest = body.replace(/^\$/, ''); rest !== ''; ) {
    const match = STEPS.map(([pattern, make]) => ({ found: pattern.exec(rest), make })).find(({ found }) => found);
    if (!match?.found) throw new TypeError(`"${rest}" is not supported; it knows .name, ['name'], [n], [*] and [?(@.a.b=='text')]`);
    steps.push(match.make(match.found));
    rest = rest.slice(match.found[0].length);
  }
  return (root) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [root]);
}

/** What one value becomes. */
type Step = (value: unknown) => readonly unknown[];

const STEPS: readonly (readonly [RegExp, (found: RegExpExecArray) => Step])[] = [
  [/^\.([A-Za-z_][\w-]*)/, ([, name = '']) => (value) => field(value, name)],
  [/^\[(['"])([^'"]*)\1\]/, ([, , name = '']) => (value) => field(value, name)],
  [/^\[(\d+)\]/, ([, index]) => (value) => items(value).slice(Number(index), Number(index) + 1)],
  [/^\[\*\]/, () => items],
  [/^\[\?\(\s*@((?:\.[A-Za-z_][\w-]*)+)\s*==\s*(['"])([^'"]*)\2\s*\)\]/, ([, path = '', , wanted]) => (value) => items(value).filter((item) => path.slice(1).split('.').reduce<readonly unknown[]>((found, name) => found.flatMap((one) => field(one, name)), [item])[0] === wanted)],
];

function field(value: unknown, name: string): readonly unknown[] {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : [];
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
