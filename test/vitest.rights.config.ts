import { defineConfig } from 'vitest/config';

// Runs after the real tier: compares what its clusters were asked (.test/audit) with what the synthesized manifests grant.
export default defineConfig({ test: { root: `${import.meta.dirname}/..`, include: ['test/rights/**/*.test.ts'] } });
