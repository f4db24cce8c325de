import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandTree } from '../../src/cli/command-tree.ts';
import { EXAMPLES } from '../../src/cli/examples.ts';
import { program } from '../../src/cli/program.ts';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md')).map((path) => join('docs', path))];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const commands = commandTree(program({ out: () => undefined, err: () => undefined, interactive: false }, { code: 0 }));

test('every link inside the documentation leads to a file, and to a heading that it has', () => {
  const links = pages.flatMap((page) => [...textOf(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]+))?\)/g)].map(([, path = '', anchor]) => ({ page, path: path === '' ? page : relative(root, join(root, dirname(page), path)), anchor })));
  expect(links.length).toBeGreaterThan(60);
  expect(links.filter(({ path, anchor }) => !existsSync(join(root, path)) || (anchor !== undefined && !headingsOf(path).includes(anchor)))).toEqual([]);
});

/** Anchors as GitHub makes them: the second of two equal headings ends in -1. */
function headingsOf(page: string): readonly string[] {
  const anchors = [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-'));
  return anchors.map((anchor, index) => {
    const before = anchors.slice(0, index).filter((other) => other === anchor).length;
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

describe('command lines in the documentation', () => {
  const shown = pages.flatMap((page) => [...textOf(page).matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = '']) => linesOf(block).map((line) => [page, line] as const)));
  const examples = Object.values(EXAMPLES).flatMap((list) => list.flatMap(([line]) => linesOf(line).map((one) => ['an example of the help', one] as const)));

  test('there are some', () => expect(shown.length).toBeGreaterThan(40));

  test.each([...new Map([...shown, ...examples].map(([page, line]) => [line, [page, line] as const])).values()])('%s: %s', (_page, line) => {
    const [name = '', ...words] = line.split(/\s+/);
    if (name === 'help') return expect(commands.map((command) => command.name)).toContain(words[0]);
    const command = commands.find((one) => one.name === name);
    expect(command, `there is no command ${name}`).toBeDefined();
    const flags = words.filter((word) => /^-./.test(word)).map((word) => word.split('=')[0]);
    const known = command?.options.flatMap(({ short, long }) => [...(short ? [short] : []), long]) ?? [];
    expect(flags.filter((flag) => !known.includes(flag ?? ''))).toEqual([]);
  });
});

/** What stands behind `hookwave` in each command of a block, without pipes, comments and placeholders of a usage. */
function linesOf(block: string): readonly string[] {
  return block
    .split('\n')
    .filter((line) => !/^hookwave .*\[options\]/.test(line))
    .flatMap((line) => [...line.matchAll(/(?:^|[|;&(]\s*|\bdo\s+)hookwave ([^|;&)#>]+)/g)].map(([, rest = '']) => rest.trim()))
    .filter((line) => line !== '');
}
