import { kinds } from '../../charts/index.ts';
import { outline } from '../constructs/outline.ts';
import type { Outline } from '../plan/outline.ts';
import { loadSpecs } from '../spec/load.ts';
import type { Io } from './io.ts';
import { formatOutline } from './plan-text.ts';
import { chartOf } from './synthesize.ts';

export type PlanOutput = 'text' | 'json' | 'mermaid' | 'svg';

export interface PlanOptions {
  readonly file: string;
  readonly output: PlanOutput;
  /** Rights and the objects that give them, in the text. @default false */
  readonly rights?: boolean;
}

/** Prints what each upgrade of a file will do: phases, waves, hooks, steps, why each is there and what it may touch. */
export async function plan({ file, output, rights = false }: PlanOptions, io: Io): Promise<void> {
  const loaded = await loadSpecs(file, kinds);
  const outlines = loaded.map((one) => outline(chartOf(one)));
  io.out(await format(outlines, output, rights));
}

async function format(outlines: readonly Outline[], output: PlanOutput, rights: boolean): Promise<string> {
  switch (output) {
    case 'json':
      return `${JSON.stringify(outlines, null, 2)}\n`;
    case 'mermaid':
      return (await import('../plan/picture/mermaid.ts')).mermaidOf(outlines);
    case 'svg':
      return (await import('../plan/picture/svg.ts')).svgOf(outlines);
    case 'text':
      return outlines.map((one) => formatOutline(one, { rights })).join('\n');
  }
}
