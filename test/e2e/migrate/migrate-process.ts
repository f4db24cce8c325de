/** A migration in a process of its own, to be killed: `node migrate-process.cjs '{"v1": URL, "v3": URL, "name": ..., "quiesceSeconds": ..., "leaseSeconds": ...}'`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '../../../src/migrate/contract.ts';
import { etcdMigration } from '../../../src/migrate/engine/etcd-migration.ts';

const { v1, v3, name, ...options } = JSON.parse(process.argv[2] ?? '') as { v1: string; v3: string; name: string; quiesceSeconds: number; leaseSeconds: number };
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
const migration = etcdMigration({ v1: { endpoints: [v1] }, v3: { endpoints: [v3] }, name, callTimeoutMs: 30_000 });

/** Waits while somebody else is at work, as a guard does. */
while (true) {
  const { needed, inProgress } = await migration.status();
  if (!needed) break;
  if (!inProgress) {
    const held = await migration.start({ ...options, signal: stop.signal }).then(
      ({ ended }) => void process.stdout.write(`${ended}\n`),
      (error: unknown) => {
        if (error instanceof MigrationError && error.reason === 'held') return;
        throw error;
      },
    );
    void held;
  }
  await sleep(needed && inProgress ? 500 : 50);
}
await migration.close();
process.exit(0);
