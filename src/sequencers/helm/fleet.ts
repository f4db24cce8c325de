import * as z from 'zod';
import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { GENERATED } from '../output.ts';
import { piecesOf, type Binding } from './bind.ts';
import { release } from './helm.ts';
import type { Parameter } from './parameters.ts';

/** Values of one cluster by their path in values.yaml, such as `deadlines.rollout`. What is left out has the default. */
export type FleetValues = Readonly<Record<string, string | boolean>>;

export interface Fleet {
  /** What is wrong with a cluster's values; empty when nothing is. */
  problemsOf(values: FleetValues): readonly FleetProblem[];
  /** All objects of the release with these values, in the order of the chart's files. @throws Error for values with problems */
  render(values: FleetValues): string;
}

export interface FleetProblem {
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/**
 * Renders an upgrade's chart for many clusters: synthesized once, then only the scalars that are values are put into the text. The objects are those that
 * `helm template` renders with the same values (tested with both Helms).
 * @throws Error for what Helm can't express
 */
export function fleet(chart: UpgradeChart): Fleet {
  const { objects, values, parameters } = release(chart);
  const pieces = merged(objects.filter(({ isHome }) => !isHome).flatMap((object) => ['---\n', ...piecesOf(object.text, values.bindingsOf(object))]));
  const homes = objects.filter(({ isHome }) => isHome).map(({ text }) => `---\n${text}`).join('');
  const rules = new Map(parameters.map((parameter) => [parameter.path.join('.'), { parameter, type: z.fromJSONSchema(parameter.schema as Parameters<typeof z.fromJSONSchema>[0]) }]));
  const problemsOf = (given: FleetValues): readonly FleetProblem[] => Object.entries(given).flatMap(([path, value]) => problemOf(path, value, rules));
  return {
    problemsOf,
    render(given) {
      const problems = problemsOf(given);
      if (problems.length > 0) throw new Error(problems.map(({ path, message, fix }) => `${path} ${message}; ${fix}`).join('\n'));
      const valueOf = (path: string): string => String(given[path] ?? rules.get(path)?.parameter.value ?? '');
      const text = pieces.map((piece) => (typeof piece === 'string' ? piece : renderBinding(piece, valueOf))).join('');
      return `# ${GENERATED}\n${valueOf('namespace.create') === 'true' ? homes : ''}${text}`;
    },
  };
}

/** Neighbouring texts as one. */
function merged(pieces: readonly (string | Binding)[]): readonly (string | Binding)[] {
  const result: (string | Binding)[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece;
    else result.push(piece);
  }
  return result;
}

function renderBinding({ path, render }: Binding, valueOf: (path: string) => string): string {
  if (!render) throw new Error(`${path.join('.')} can be bound by Helm only`);
  return render(valueOf);
}

function problemOf(path: string, value: unknown, rules: ReadonlyMap<string, { readonly parameter: Parameter; readonly type: z.ZodType }>): readonly FleetProblem[] {
  const rule = rules.get(path);
  if (!rule) return [{ path, message: 'is no value of the chart', fix: `use one of ${[...rules.keys()].join(', ')}; everything else is part of the plan: give such a cluster a spec of its own` }];
  const result = rule.type.safeParse(value);
  return result.success ? [] : [{ path, message: `is ${JSON.stringify(value)}`, fix: result.error.issues[0]?.message ?? 'see values.schema.json' }];
}
