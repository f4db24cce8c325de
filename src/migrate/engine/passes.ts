import { startConversion } from '../../calico/migration/conversion.ts';
import { HOSTS, wholeV1 } from '../../calico/migration/reads.ts';
import { isFailure, type Outcome, type V1Entry, type V1Path, type V1Read } from '../../calico/migration/model.ts';
import type { EtcdV2, V2Leaf } from '../../etcd/v2.ts';
import { MigrationError, type MigrationOptions } from '../contract.ts';
import { READY_PATH } from './keys.ts';
import { lookAhead } from './look-ahead.ts';
import type { Store } from './store.ts';
import { v1Reader } from './v1-reader.ts';

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
      const full = store.put(one.object);
      if (full) await full;
      if (tally.converted % PROGRESS_EVERY === 0) progress?.({ message: 'Storing', done: tally.converted, total });
    }
    if (read.part === 'config') await store.flush();
  }
  await store.flush();
  return tally;
}

/** Keys of the v1 model that changed after the pause: whoever wrote them ignored it. Mostly etcd's index tells that there are none. */
export async function intruders(v2: EtcdV2, pausedIndex: number, signal: AbortSignal): Promise<readonly string[]> {
  if ((await v2.index(READY_PATH)) === pausedIndex) return [];
  const late: string[] = [];
  const read = (path: V1Path): Promise<readonly V2Leaf[]> => v2.leaves(path.path, path.depth);
  for await (const leaves of lookAhead(wholeV1(await hostsOf(v2)), READS_AHEAD, read)) {
    signal.throwIfAborted();
    for (const { path, modifiedIndex } of leaves) if (modifiedIndex > pausedIndex) late.push(path);
  }
  return late.toSorted();
}

/** As upstream: a line for each 100 objects would be noise for 100,000. */
const PROGRESS_EVERY = 1000;

/** Reads under way at once. etcd puts them through its log one by one or many together; the second takes hardly longer. */
const READS_AHEAD = 8;

interface PassedRead {
  readonly read: V1Read;
  readonly outcomes: Iterable<Outcome>;
}

async function* reads(v2: EtcdV2, signal: AbortSignal): AsyncGenerator<PassedRead> {
  const conversion = startConversion({ datastore: 'etcd', hosts: await hostsOf(v2) });
  const reader = v1Reader(v2);
  const fetch = async (read: V1Read): Promise<{ readonly read: V1Read; readonly leaves: readonly V1Entry[] }> => ({ read, leaves: await reader(read) });
  for await (const { read, leaves } of lookAhead(conversion.reads, READS_AHEAD, fetch)) {
    signal.throwIfAborted();
    yield { read, outcomes: conversion.convert(read, leaves) };
  }
}

async function hostsOf(v2: EtcdV2): Promise<readonly string[]> {
  return (await v2.leaves(HOSTS.path, HOSTS.depth)).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
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
