import { defineConfig } from 'vitest/config';

// The real tier: every file starts a cluster of real parts (test/cluster/README.md). One file at a time: the machine has
// 2 cores, and timings are part of what is asserted.
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/e2e/**/*.test.ts', 'test/cluster/**/*.test.ts', 'test/prediction/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    maxConcurrency: 10,
    testTimeout: 300_000,
    hookTimeout: 180_000,
    retry: 0,
    globalSetup: ['test/cluster/global-setup.ts'],
    reporters: ['verbose', './test/cluster/progress-reporter.ts'],
  },
});
