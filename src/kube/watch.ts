import { apiPath, selectors, withQuery } from './api-path.ts';
import type { KubeObject, Resource, Selection } from './cluster.ts';
import type { Endpoint } from './endpoint.ts';
import { ApiError } from './errors.ts';
import { open, textOf, type ApiRequest } from './exchange.ts';
import { jsonLines } from './json-lines.ts';
import { apiError } from './retry.ts';

export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } };

interface ErrorEvent {
  readonly type: 'ERROR';
  readonly object: { readonly code?: number; readonly reason?: string; readonly message?: string };
}

/** The server ends each watch after this time. */
const WATCH_SECONDS = 300;

/** Bookmarks come about once a minute, so a stream that is silent for longer is dead. */
const SILENCE_MS = 120_000;

/** How long the answer may take to begin: a load balancer may take the connection and have nobody behind it. */
const HEAD_MS = 20_000;

/**
 * One watch from a resourceVersion until the server ends it.
 * @throws ApiError as the server answers; status 410 means: list again
 * @throws Error when the connection fails, is silent for two minutes, or the signal is aborted
 */
export async function* watch<T extends KubeObject>(endpoint: Endpoint, resource: Resource, selection: Selection, from: string, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
  const query = { ...selectors(selection), watch: true, allowWatchBookmarks: true, resourceVersion: from, timeoutSeconds: WATCH_SECONDS };
  const request: ApiRequest = { method: 'GET', path: withQuery(apiPath(resource, selection.namespace), query) };
  const response = await openInTime(endpoint, request, AbortSignal.any([signal, AbortSignal.timeout((WATCH_SECONDS + 60) * 1000)]));
  if (response.statusCode !== 200) throw apiError(request, { status: response.statusCode ?? 0, text: await textOf(response) });
  response.setTimeout(SILENCE_MS, () => response.destroy(new Error('the watch was silent for two minutes')));
  for await (const event of jsonLines<WatchEvent<T> | ErrorEvent>(response as AsyncIterable<string>)) {
    if (event.type === 'ERROR') throw new ApiError(event.object.code ?? 500, event.object.reason ?? '', event.object.message ?? 'the watch failed');
    yield event;
  }
}

async function openInTime(endpoint: Endpoint, request: ApiRequest, signal: AbortSignal): ReturnType<typeof open> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`the watch did not begin within ${HEAD_MS / 1000} s`)), HEAD_MS);
  try {
    return await open(endpoint, request, AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
