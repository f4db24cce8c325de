/** One field that v3 would refuse. Names of fields are upstream's. */
export interface FieldProblem {
  readonly field: string;
  readonly value: unknown;
  readonly reason: string;
}

/** Upstream's layout: one problem on one line, several as a list. */
export function describeProblems(problems: readonly FieldProblem[]): string {
  if (problems.length === 1) return `error with field ${describe(problems[0]!)}`;
  return `error with the following fields:\n${problems.map((problem) => `-  ${describe(problem)}\n`).join('')}`;
}

function describe({ field, value, reason }: FieldProblem): string {
  return `${field} = '${typeof value === 'string' ? value : JSON.stringify(value)}' (${reason})`;
}
