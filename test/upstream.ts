import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Upstream's own files, used where they are present: `HOOKWAVE_TESTDATA`, or a folder beside the checkout. */
export const UPSTREAM_FOLDER = process.env['HOOKWAVE_TESTDATA'] ?? join(import.meta.dirname, '../../shared/testdata');

export const hasUpstream = existsSync(join(UPSTREAM_FOLDER, 'calico'));

export function upstream(path: string): string {
  return readFileSync(join(UPSTREAM_FOLDER, path), 'utf8');
}
