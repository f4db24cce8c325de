import { stringify } from 'yaml';
import type { z } from 'zod';
import { API_VERSION, type SpecKind, type Upgrade } from '../spec/kind.ts';
import { parseSpecs } from '../spec/parse.ts';
import { formatProblems, InvalidInput, type Problem } from '../spec/problem.ts';
import { sha256 } from '../spec/sha256.ts';
import { YAML_STYLE } from '../yaml-style.ts';

/** An upgrade written in TypeScript. */
export interface RecipeProps<Spec> {
  /** Name of the upgrade, part of the names of its objects; at most 24 characters. @default the construct's id */
  readonly name?: string;
  /** What a spec file has under `spec`, with the same defaults. */
  readonly spec: Spec;
  /** Text of every file that the spec names, by its path there. */
  readonly files: Readonly<Record<string, string>>;
}

/** Judges it by the rules of a spec file. @throws InvalidInput with all problems, each with a fix, also in its message */
export function checkedUpgrade<S extends z.ZodType>(kind: SpecKind<S>, id: string, { name = id, spec, files }: RecipeProps<z.input<S>>): Upgrade<z.output<S>> {
  const place = `${kind.kind} ${id}`;
  const text = stringify({ apiVersion: API_VERSION, kind: kind.kind, metadata: { name }, spec }, YAML_STYLE);
  const { specs, problems } = parseSpecs(place, text, [kind as unknown as SpecKind]);
  refuse(problems);
  const parsed = specs[0]?.spec as z.output<S>;
  refuse(missingFiles(kind, parsed, files).map((problem) => ({ file: place, ...problem })));
  const upgrade: Upgrade<z.output<S>> = {
    kind: kind.kind,
    name,
    spec: parsed,
    files: new Map(Object.entries(files).map(([path, content]) => [path, { path, text: content, sha256: sha256(content) }])),
  };
  refuse(kind.check(upgrade).map((problem) => ({ file: place, ...problem })));
  return upgrade;
}

function missingFiles<S extends z.ZodType>(kind: SpecKind<S>, spec: z.output<S>, files: Readonly<Record<string, string>>): readonly Omit<Problem, 'file'>[] {
  return kind
    .files(spec)
    .filter(({ path }) => files[path] === undefined)
    .map(({ path, at }) => ({ path: at, message: `names ${path}, which is not among the files`, fix: `pass its text: files: { '${path}': readFileSync('${path}', 'utf8') }` }));
}

/** There is no file, so lines would mislead. */
function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const error = new InvalidInput(problems.map(({ line: _line, ...problem }) => problem));
  error.message += `\n${formatProblems(error.problems, 'the `problems` of this error are all of them')}`;
  throw error;
}
