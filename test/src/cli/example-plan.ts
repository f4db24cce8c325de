import { join } from 'node:path';
import { kinds } from '../../../charts/index.ts';
import { chartOf } from '../../../src/cli/synthesize.ts';
import { outline } from '../../../src/constructs/outline.ts';
import type { Outline } from '../../../src/plan/outline.ts';
import { loadSpecs } from '../../../src/spec/load.ts';

/** The plan of an example's first spec. */
export async function examplePlan(example: string): Promise<Outline> {
  const [loaded] = await loadSpecs(join(import.meta.dirname, '../../../examples', example, 'hookwave.yaml'), kinds);
  if (!loaded) throw new Error(`example ${example} has no spec`);
  return outline(chartOf(loaded));
}
