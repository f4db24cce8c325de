import { afterEach } from 'vitest';

import type { Cluster } from './cluster.ts';

/** Call once in a test file: prints the cluster's logs after each failed test. */
export function dumpLogsOnFailure(cluster: () => Cluster | undefined): void {
  afterEach(async (context) => {
    if (context.task.result?.state === 'fail') await cluster()?.dumpLogs();
  });
}
