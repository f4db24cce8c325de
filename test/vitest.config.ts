import { defineConfig } from 'vitest/config';

/** Tests that need only Node and npm: under a minute in all. The real tier has its own config. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/{src,charts}/**/*.test.ts'],
    testTimeout: 60_000,
    // Files share their workers: starting one for each file cost more than the tests. They keep no state outside themselves.
    pool: 'threads',
    // The default leaves a core to whoever works beside it, which is half of two.
    maxWorkers: '100%',
    isolate: false,
  },
});
