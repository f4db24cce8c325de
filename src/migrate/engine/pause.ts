import { setTimeout as sleep } from 'node:timers/promises';
import { isEtcdError } from '../../etcd/errors.ts';
import type { EtcdV2 } from '../../etcd/v2.ts';
import { MigrationError } from '../contract.ts';
import { isTransient } from '../transient.ts';
import { READY_PATH } from './keys.ts';

/** A former run of this attempt may have paused it. @throws MigrationError `config` when there is no flag */
export async function pauseV1(v2: EtcdV2): Promise<void> {
  const swapped = await v2.swap(READY_PATH, 'true', 'false').catch((error: unknown) => {
    // Whether it happened shows when it is read; nobody else who is polite swaps it while we own the migration.
    if (isEtcdError(error, 'lost')) return undefined;
    throw error;
  });
  if (swapped) return;
  const ready = await readyV1(v2);
  if (ready === undefined) throw new MigrationError('config', `the v1 datastore has no ${READY_PATH}: Calico v2.6 has never run on it; check the v1 endpoints`);
  if (!ready) return;
  throw new MigrationError('transient', `${READY_PATH} could not be written; run it again`);
}

/** @throws MigrationError `phase` when v1 is paused, which nobody of ours has done */
export async function refuseIfPaused(v2: EtcdV2): Promise<void> {
  if ((await readyV1(v2)) === false) throw new MigrationError('phase', PAUSED);
}

const PAUSED = 'Calico networking already paused do not continue. Another tool has paused it; if none is at work, run abort --force first';

/** Undefined where the flag is missing. */
export async function readyV1(v2: EtcdV2): Promise<boolean | undefined> {
  const flag = await v2.read(READY_PATH);
  return flag && flag.value === 'true';
}

/** As upstream: 30 tries, a second apart. */
export async function resumeV1(v2: EtcdV2, signal: AbortSignal): Promise<void> {
  await persist(() => v2.write(READY_PATH, 'true'), signal);
}

/** Up to 30 tries, a second apart, of what has to succeed. */
export async function persist<T>(work: () => Promise<T>, signal: AbortSignal, tries = 30): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt >= tries || signal.aborted) throw error;
      await sleep(1000, undefined, { signal });
    }
  }
}
