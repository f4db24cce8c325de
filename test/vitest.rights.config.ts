import { defineConfig } from 'vitest/config';

/** The full matrix runs the migration on clusters, and no upgrade to the end. */
const file = process.env['HOOKWAVE_MATRIX'] === 'full' ? 'migration' : 'rights';

// Runs after the real tier: compares what its clusters were asked (.test/audit) with what the synthesized manifests grant.
export default defineConfig({ test: { root: `${import.meta.dirname}/..`, include: [`test/rights/${file}.test.ts`] } });
