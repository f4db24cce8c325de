import { EXIT_CODES } from '../cli/io.ts';
import { FINAL_EXIT_CODES } from '../constructs/hook-job.ts';
import { EXIT, EXIT_MEANING } from '../runner/exit-codes.ts';
import { GENERATED, table, type Page } from './page.ts';

export function exitCodesPage(): Page {
  const cli = Object.entries(EXIT_CODES).map(([number, meaning]) => [number, meaning]);
  const runner = Object.entries(EXIT).map(([name, number]) => [String(number), EXIT_MEANING[name as keyof typeof EXIT], again(number)]);
  const text = `${GENERATED}# Exit codes

## The command \`hookwave\`

${table(['code', 'meaning'], cli)}

## The runner, in the Pods of the hooks

${table(['code', 'meaning', 'the Job'], runner)}

"Ends at once" is the Job's \`podFailurePolicy\`: the Job fails without using up its \`backoffLimit\`, and the sync or the release fails with it.
The last words of each step are in its container's termination message: \`kubectl describe pod\` shows them, \`hookwave status\` too.
`;
  return { path: 'docs/reference/exit-codes.md', text };
}

function again(number: number): string {
  if (number === 0) return 'succeeds';
  return FINAL_EXIT_CODES.includes(number) ? 'ends at once' : 'tries again';
}
