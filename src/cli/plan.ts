import { kinds } from '../../charts/index.ts';
import { outline } from '../constructs/outline.ts';
import type { Outline } from '../plan/outline.ts';
import { loadSpecs } from '../spec/load.ts';
import { InvalidInput } from '../spec/problem.ts';
import { type Io, WrongArgument } from './io.ts';
import { order as predictOrder, type Tool } from './order.ts';
import { formatOutline, type TextOptions } from './plan-text.ts';
import { chartOf } from './synthesize.ts';
import { widthFor } from './wrap.ts';

export type PlanOutput = 'text' | 'json' | 'mermaid' | 'svg';

export interface PlanOptions {
  readonly file: string;
  readonly output: PlanOutput;
  /** Rights and the objects that give them, in the text. @default false */
  readonly rights?: boolean;
  /** Predict in which order this tool applies the objects, instead of showing the plan. */
  readonly order?: Tool;
  /** Predict it of these manifests instead of a spec: a file, a folder, or `-` for the standard input. */
  readonly stream?: string;
  /** What is there already, in the same way. @default nothing */
  readonly live?: string;
}

/**
 * Prints what each upgrade of a file will do: phases, waves, hooks, steps, why each is there and what it may touch.
 * @throws InvalidInput; with output `json` all its problems are printed first, as `{"problems": [...]}`
 */
export async function plan(options: PlanOptions, io: Io): Promise<void> {
  return planOf(options, io).catch((error: unknown) => {
    if (options.output === 'json' && error instanceof InvalidInput) io.out(`${JSON.stringify({ problems: error.problems }, null, 2)}\n`);
    throw error;
  });
}

async function planOf({ file, output, rights = false, order, stream, live }: PlanOptions, io: Io): Promise<void> {
  if (rights && (output === 'mermaid' || output === 'svg')) throw new WrongArgument('a picture does not show rights; leave out --rights, or take --output text or json for them');
  if (order || stream !== undefined || live !== undefined) return predictOrder({ tool: order ?? 'argo', file, stream, live, output }, io);
  const loaded = await loadSpecs(file, kinds);
  const outlines = loaded.map((one) => outline(chartOf(one)));
  io.out(await format(outlines, output, { rights, width: widthFor(io.columns) }));
}

async function format(outlines: readonly Outline[], output: PlanOutput, options: TextOptions): Promise<string> {
  switch (output) {
    case 'json':
      return `${JSON.stringify(outlines, null, 2)}\n`;
    case 'mermaid':
      return (await import('../plan/picture/mermaid.ts')).mermaidOf(outlines);
    case 'svg':
      return (await import('../plan/picture/svg.ts')).svgOf(outlines);
    case 'text':
      return outlines.map((one) => formatOutline(one, options)).join('\n');
  }
}
