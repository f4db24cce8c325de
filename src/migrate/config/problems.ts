/** One thing that is wrong with the configuration: where, what, and how to mend it. Never holds a secret. */
export interface ConfigProblem {
  /** Variable, or file and field. */
  readonly where: string;
  readonly message: string;
  readonly fix: string;
}

/** All problems of both datastores at once. No retry helps. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ where, message, fix }) => `${where}: ${message} (fix: ${fix})`).join('\n'));
    this.problems = problems;
  }
}
