/** Wrong arguments: all problems at once. Exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problems: readonly string[];
  readonly usage: string;
  constructor(problems: readonly string[], usage: string) {
    super([...problems, usage].join('\n'));
    this.problems = problems;
    this.usage = usage;
  }
}
