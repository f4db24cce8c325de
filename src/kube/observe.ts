import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject, Resource, Selection } from './cluster.ts';
import type { Endpoint } from './endpoint.ts';
import { ApiError } from './errors.ts';
import { listAll, type Send } from './list.ts';
import { backoffMs } from './retry.ts';
import { snapshots, type Snapshots } from './snapshots.ts';
import { watch } from './watch.ts';

/** What is observed, and through what. */
export interface Observation {
  readonly send: Send;
  readonly endpoint: Endpoint;
  readonly resource: Resource;
  readonly selection: Selection;
}

/**
 * Snapshots of a selection: at once, then after each change; changes that come while the reader is busy arrive as one.
 * Lists again on 410 and on a failed watch; goes on from the last version when a watch merely ends.
 * @throws ApiError, ApiUnavailable as `list` does
 */
export async function* observe<T extends KubeObject>(observation: Observation, signal: AbortSignal): AsyncGenerator<readonly T[]> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const view = snapshots<T>(ended);
  void follow(view, observation, ended).catch((error: unknown) => view.fail(error));
  try {
    for (let snapshot = await view.next(); snapshot; snapshot = await view.next()) yield snapshot;
  } finally {
    stop.abort();
  }
}

/** A watch that lived this long was healthy; its end is no failure. */
const HEALTHY_MS = 5_000;

async function follow<T extends KubeObject>(view: Snapshots<T>, observation: Observation, signal: AbortSignal): Promise<void> {
  let version: string | undefined;
  for (let failures = 0; !signal.aborted; ) {
    if (version === undefined) {
      const { objects, resourceVersion } = await listAll<T>(observation.send, observation.resource, observation.selection);
      view.replaceAll(objects);
      version = resourceVersion;
    }
    const started = performance.now();
    version = await followWatch(view, observation, version, signal);
    failures = performance.now() - started > HEALTHY_MS ? 0 : failures + 1;
    if (failures > 0) await sleep(backoffMs(failures), undefined, { signal }).catch(() => undefined);
  }
}

/** @returns the version to go on from; `undefined` when only a new list helps */
async function followWatch<T extends KubeObject>(view: Snapshots<T>, { endpoint, resource, selection }: Observation, from: string, signal: AbortSignal): Promise<string | undefined> {
  let version = from;
  try {
    for await (const event of watch<T>(endpoint, resource, selection, from, signal)) {
      version = event.object.metadata.resourceVersion ?? version;
      view.apply(event);
    }
    return version;
  } catch (error) {
    if (signal.aborted) return version;
    if (error instanceof ApiError && !endsOnlyTheWatch(error)) throw error;
    return undefined;
  }
}

function endsOnlyTheWatch({ status }: ApiError): boolean {
  return status === 410 || status === 429 || status >= 500;
}
