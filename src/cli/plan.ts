import { kinds } from '../../charts/index.ts';
import { outline } from '../constructs/outline.ts';
import { loadSpecs } from '../spec/load.ts';
import type { Io } from './io.ts';
import { formatOutline } from './plan-text.ts';
import { chartOf } from './synthesize.ts';

export const PLAN_OUTPUTS = ['text', 'json'] as const;

export type PlanOutput = (typeof PLAN_OUTPUTS)[number];

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
  io.out(output === 'json' ? `${JSON.stringify(outlines, null, 2)}\n` : outlines.map((one) => formatOutline(one, { rights })).join('\n'));
}
