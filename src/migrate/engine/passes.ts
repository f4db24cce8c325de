import { startConversion } from '../../calico/migration/conversion.ts';
import { isFailure, type Outcome, type Part, type V1Path, type V1Read } from '../../calico/migration/model.ts';
import { isEtcdError } from '../../etcd/errors.ts';
import type { EtcdV2, V2Leaf } from '../../etcd/v2.ts';
import { MigrationError, type MigrationOptions } from '../contract.ts';
import type { Store } from './store.ts';

export interface Tally {
  readonly converted: number;
  readonly failures: number;
  readonly skipped: number;
  /** Converted objects by kind; IPAM data count as `IPAM`. */
  readonly counts: Readonly<Record<string, number>>;
}

type Watching = Pick<MigrationOptions, 'signal' | 'outcome' | 'progress'>;

/** Reads and converts everything, keeps nothing. @throws MigrationError `config` when there is nothing of Calico's */
export async function validatePass(v2: EtcdV2, { signal, outcome, progress }: Watching): Promise<Tally> {
  const tally = newTally();
  for await (const { outcomes } of reads(v2, signal)) {
    for (const one of outcomes) {
      count(tally, one);
      outcome?.(one);
      if (tally.converted % PROGRESS_EVERY === 0 && one.is === 'converted') progress?.({ message: 'Converting', done: tally.converted });
    }
  }
  if (tally.converted + tally.failures + tally.skipped === 0) throw new MigrationError('config', 'no v1 resources detected: is the API configuration correctly configured?');
  return tally;
}

/**
 * Reads, converts and writes everything. Felix's configuration and the cluster information come first and are there before anything else is: the second
 * says that the datastore is not ready.
 * @throws MigrationError `invalid` at the first object that can't be converted
 */
export async function writePass(v2: EtcdV2, store: Store, { signal, outcome, progress }: Watching, total: number): Promise<Tally> {
  const tally = newTally();
  for await (const { read, outcomes } of reads(v2, signal)) {
    for (const one of outcomes) {
      count(tally, one);
      if (isFailure(one)) {
        outcome?.(one);
        throw new MigrationError('invalid', `data in the v1 datastore changed to something that can't be converted: ${'v1' in one ? one.v1 : ''}`);
      }
      if (one.is !== 'converted') continue;
      await store.put(one.object);
      if (tally.converted % PROGRESS_EVERY === 0) progress?.({ message: 'Storing', done: tally.converted, total });
    }
    if (read.part === 'config') await store.flush();
  }
  await store.flush();
  return tally;
}

/** Keys of the v1 model that changed after the pause: whoever wrote them ignored it. */
export async function intruders(v2: EtcdV2, pausedIndex: number, signal: AbortSignal): Promise<readonly string[]> {
  const late = new Set<string>();
  for await (const { leaves } of reads(v2, signal)) {
    for (const { path, modifiedIndex } of leaves) if (modifiedIndex > pausedIndex) late.add(path);
  }
  return [...late].toSorted();
}

/** As upstream: a line for each 100 objects would be noise for 100,000. */
const PROGRESS_EVERY = 1000;

interface PassedRead {
  readonly read: V1Read;
  readonly leaves: readonly V2Leaf[];
  readonly outcomes: Iterable<Outcome>;
}

/** The next read is on its way while this one is converted. */
async function* reads(v2: EtcdV2, signal: AbortSignal): AsyncGenerator<PassedRead> {
  const hosts = (await v2.leaves('/calico/v1/host', 'children')).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const conversion = startConversion({ datastore: 'etcd', hosts });
  const fetch = async (read: V1Read): Promise<Omit<PassedRead, 'outcomes'>> => ({ read, leaves: (await Promise.all(read.paths.map((one) => leavesOf(v2, read.part, one)))).flat() });
  // In the order of the reads: the answer to the next one may come first.
  const converted = ({ read, leaves }: Omit<PassedRead, 'outcomes'>): PassedRead => ({ read, leaves, outcomes: conversion.convert(read, leaves) });
  let next: ReturnType<typeof fetch> | undefined;
  for (const read of conversion.reads) {
    signal.throwIfAborted();
    const current = next;
    next = fetch(read);
    next.catch(() => undefined);
    if (current) yield converted(await current);
  }
  if (next) yield converted(await next);
}

/** A user with the right to `/calico/*` may not list `/calico` itself, where nothing is that Calico reads. */
async function leavesOf(v2: EtcdV2, part: Part, { path, depth }: V1Path): Promise<readonly V2Leaf[]> {
  return v2.leaves(path, depth).catch((error: unknown) => {
    if (part === 'rest' && isEtcdError(error, 'denied')) return [];
    throw error;
  });
}

interface RunningTally {
  converted: number;
  failures: number;
  skipped: number;
  readonly counts: Record<string, number>;
}

function newTally(): RunningTally {
  return { converted: 0, failures: 0, skipped: 0, counts: {} };
}

function count(tally: RunningTally, one: Outcome): void {
  if (isFailure(one)) tally.failures += 1;
  else if (one.is === 'skipped') tally.skipped += 1;
  else if (one.is === 'converted') {
    tally.converted += 1;
    const kind = one.object.is === 'ipam' ? 'IPAM' : one.object.resource.kind;
    tally.counts[kind] = (tally.counts[kind] ?? 0) + 1;
  }
}
