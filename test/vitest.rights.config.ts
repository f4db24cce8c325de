import { defineConfig } from 'vitest/config';
import { FULL } from './full-matrix.ts';

/** The full matrix runs the migration on clusters; of the upgrade it has not every scenario, so there just what was denied is looked at. */
const files = FULL ? ['migration', 'denied'] : ['rights'];

// Runs after the real tier: compares what its clusters were asked (.test/audit) with what the synthesized manifests grant.
export default defineConfig({ test: { root: `${import.meta.dirname}/..`, include: files.map((file) => `test/rights/${file}.test.ts`) } });
