import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Upstream's own files, used where they are present: `HOOKWAVE_TESTDATA`, or a folder beside the checkout. */
const folder = process.env['HOOKWAVE_TESTDATA'] ?? join(import.meta.dirname, '../../shared/testdata');

export const hasUpstream = existsSync(join(folder, 'calico'));

export function upstream(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}
