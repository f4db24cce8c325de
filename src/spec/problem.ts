/** One thing that is wrong with the input. Input is judged whole: all problems are reported at once and nothing is written. */
export interface Problem {
  /** File as the user named it. */
  readonly file: string;
  /** Path inside the file, such as `spec.install.manifest`; empty for the file itself. */
  readonly path: string;
  /** 1-based, where known. */
  readonly line?: number;
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Thrown when the input has problems; commands print them all and exit 2. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`${problems.length} problem${problems.length === 1 ? '' : 's'} in the input`);
    this.problems = problems;
  }
}

/** `hookwave.yaml:5 spec.from: message (fix: ...)`. */
export function formatProblem({ file, path, line, message, fix }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${[place, path].filter(Boolean).join(' ')}: ${message}\n    fix: ${fix}`;
}
