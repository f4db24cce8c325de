import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the source of a step's run says, and no definition. */
export interface RunFacts {
  /** Events that it reports, itself or through what it calls in steps/ and in the folders of the domain. */
  readonly events: readonly string[];
  /** Exit codes that it fails with by itself. */
  readonly exitCodes: readonly number[];
}

/** Reads the run of a step and every declaration that it can reach. @throws Error for a step without a run */
export function runFacts(root: string, step: string): RunFacts {
  const folder = join(root, 'src/steps');
  const run = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name, `${step}.run.ts`))
    .find((file) => existsSync(file));
  if (!run) throw new Error(`src/steps/*/${step}.run.ts does not exist`);
  const reached = new Map<string, string>();
  for (const name of declarationsOf(run).keys()) reach(run, name, reached);
  const texts = [...reached.values()];
  const all = (pattern: RegExp): readonly string[] => [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = '']) => found)))].sort();
  return { events: all(/(?:\.event|\bsay)\(\s*'([a-z-]+)'/g), exitCodes: all(/outcome: 'failed',\s*exitCode: (\d+)/g).map(Number) };
}

/** Adds a declaration and those that it names, in its own file and in the files that it imports from. */
function reach(file: string, name: string, reached: Map<string, string>): void {
  const text = declarationsOf(file).get(name);
  const key = `${file} ${name}`;
  if (text === undefined || reached.has(key)) return;
  reached.set(key, text);
  const words = new Set(text.match(/[A-Za-z_$][\w$]*/g));
  for (const other of declarationsOf(file).keys()) if (words.has(other)) reach(file, other, reached);
  for (const [imported, target] of importsOf(file)) if (words.has(imported)) reach(target, imported, reached);
}

/** Top-level declarations of a file by name; each reaches to the next. */
function declarationsOf(file: string): ReadonlyMap<string, string> {
  const parts = readFileSync(file, 'utf8').split(/^(?=(?:export )?(?:async )?(?:function|const|class) )/m);
  return new Map(parts.slice(1).map((part) => [/^(?:export )?(?:async )?(?:function|const|class) ([\w$]+)/.exec(part)?.[1] ?? '', part]));
}

/** Values that a file imports, each with the file that declares it. */
function importsOf(file: string): readonly (readonly [name: string, file: string])[] {
  return [...readFileSync(file, 'utf8').matchAll(/^import \{([^}]*)\} from '(\.[^']+)'/gm)].flatMap(([, names = '', target = '']) => {
    const path = join(dirname(file), target);
    if (/\/src\/(kube|runner|plan|spec)\//.test(path)) return [];
    return names.split(',').flatMap((name) => (name.trim() === '' || name.trim().startsWith('type ') ? [] : [[name.trim(), path] as const]));
  });
}
