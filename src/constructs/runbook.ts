import { digest } from '../plan/digest.ts';
import type { Upgrade } from '../spec/kind.ts';
import type { HookJobProps } from './hook-job.ts';

/** One Job of a recipe. Identity and runner are the same for all of them. */
export interface RunbookJob extends Omit<HookJobProps, 'identity' | 'runner'> {
  readonly id: string;
}

/**
 * Digest of the plan: what is approved, and what the run record speaks of.
 * @param wish the spec without what does not make it another plan, such as a new runner image
 * @param jobs without those that do not
 */
export function planDigest({ kind, name, files }: Upgrade<unknown>, wish: object, jobs: readonly RunbookJob[]): string {
  const pinned = [...files.values()].map(({ path, sha256 }) => [path, sha256]);
  const steps = jobs.map(({ id, steps: uses }) => [id, uses.map(({ definition, params }) => [definition.name, params])]);
  return digest({ kind, name, wish, files: pinned, steps });
}
