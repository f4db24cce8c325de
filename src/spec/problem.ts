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

/**
 * Problems for people, the first fifty of them: each as `hookwave.yaml:5 spec.from: message`, with the fix in a line of its own.
 * @param all where the others are to be had
 */
export function formatProblems(problems: readonly Problem[], all = ALL): string {
  const rest = problems.length - MOST_SHOWN;
  return [...problems.slice(0, MOST_SHOWN).map(formatProblem), ...(rest > 0 ? [`and ${rest.toLocaleString('en')} more; ${all}`] : [])].join('\n');
}

const MOST_SHOWN = 50;
const ALL = '`hookwave plan --output json` lists all problems of a spec';

/** One of them. */
function formatProblem(problem: Problem): string {
  return `${describe(problem)}\n    fix: ${shorten(problem.fix)}`;
}

const MOST_IN_A_LINE = 10;

/** All problems in one line, for tools that show no more: `2 problems in the input: [1] ... (fix: ...) [2] ... (fix: ...)`. */
export function formatProblemsInOneLine({ message, problems }: InvalidInput): string {
  const shown = problems.slice(0, MOST_IN_A_LINE).map((problem, index) => `${problems.length > 1 ? `[${index + 1}] ` : ''}${describe(problem)} (fix: ${shorten(problem.fix)})`);
  const rest = problems.length > MOST_IN_A_LINE ? [`and ${problems.length - MOST_IN_A_LINE} more; ${ALL}`] : [];
  return [...(problems.length > 1 ? [`${message}:`] : []), ...shown, ...rest].join(' ').replaceAll(/\s*\n\s*/g, ' ');
}

function describe({ file, path, line, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${[place, shorten(path)].filter(Boolean).join(' ')}: ${shorten(message)}`;
}

/** Characters of a part that may repeat the input: a key or a value can be a megabyte. */
const LONGEST = 500;

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
