import { configDefaults, defineConfig } from 'vitest/config';
import { FULL } from './full-matrix.ts';
import { LongestFirst } from './longest-first.ts';

// The real tier: every file starts real parts of its own (test/cluster/README.md). Two files at a time: most of a test is waiting. Three take a fifth less, and leave two cores no time to spare.
/** What is too long for every change; `npm run test:matrix` runs it. */
const LONG_RUNS = FULL ? [] : ['test/e2e/migrate-cluster/**', 'test/e2e/calico-upgrade/automated.test.ts', 'test/e2e/calico-upgrade/another-runner.test.ts', 'test/e2e/helm/argocd.test.ts'];

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/e2e/**/*.test.ts', 'test/cluster/**/*.test.ts', 'test/prediction/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...LONG_RUNS],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    maxConcurrency: 10,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    // For every Go program that a test starts, from the API server to kubectl: collecting garbage four times less often saves a third of their CPU time, for memory that is there.
    env: { GOGC: '400' },
    retry: 0,
    globalSetup: ['test/cluster/global-setup.ts'],
    reporters: ['verbose', './test/cluster/progress-reporter.ts'],
  },
});
