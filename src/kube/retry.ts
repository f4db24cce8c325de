import type { Clock } from '../steps/step.ts';
import { ApiError, ApiUnavailable, isForbidden, NoCredentials } from './errors.ts';
import type { ApiRequest, ApiResponse } from './exchange.ts';

export interface RetryOptions {
  readonly clock: Clock;
  /** How long a request is tried in all, in milliseconds; an API server restarts in about 20 s. @default 60000 */
  readonly boundMs?: number;
  /** How long one try may take, in milliseconds. @default 20000 */
  readonly attemptMs?: number;
  /** Once aborted there are no more retries, and a try ends within `hurryMs`: enough to release a Lease on the way out. */
  readonly signal?: AbortSignal;
  /** @default 3000 */
  readonly hurryMs?: number;
  /** Shared by all requests to one API server. @default none was seen */
  readonly outage?: Outage;
}

/** When the API server last gave no usable answer. */
export interface Outage {
  at: number;
}

export function noOutage(): Outage {
  return { at: Number.NEGATIVE_INFINITY };
}

/** How long after an outage 403 counts as passing: an API server that has just started listens before it has read the roles (seen: 5 s). */
const ROLES_MS = 15_000;

/**
 * Tries until there is an answer that is neither 429 nor 5xx, nor 403 straight after an outage, and returns it when it is a success.
 * Every write of the cluster port carries a precondition (a name to create, a resourceVersion, a uid), so repeating one is safe.
 * @throws ApiError for any other answer
 * @throws ApiUnavailable when the bound is over
 */
export async function withRetry(request: ApiRequest, attempt: (signal: AbortSignal) => Promise<ApiResponse>, options: RetryOptions): Promise<ApiResponse> {
  const { clock, boundMs = 60_000, signal, outage = noOutage() } = options;
  const end = clock.now() + boundMs;
  for (let tries = 1; ; tries++) {
    const { answer, error } = await tryOnce(request, attempt, options);
    if (answer) return answer;
    if (!isForbidden(error.cause)) outage.at = clock.now();
    else if (clock.now() - outage.at > ROLES_MS) throw error.cause;
    const wait = error.waitMs ?? backoffMs(tries);
    const isLast = signal?.aborted === true || clock.now() + wait > end;
    if (isLast) throw new ApiUnavailable(`${request.method} ${request.path}: ${error.message}; tried ${tries} times`, { cause: error.cause });
    await pause(clock, wait, signal);
  }
}

interface Failure {
  readonly message: string;
  readonly cause: unknown;
  readonly waitMs?: number;
}

async function tryOnce(
  request: ApiRequest,
  attempt: (signal: AbortSignal) => Promise<ApiResponse>,
  options: RetryOptions,
): Promise<{ answer: ApiResponse; error?: never } | { answer?: never; error: Failure }> {
  const limit = attemptLimit(options);
  try {
    const answer = await attempt(limit.signal);
    if (answer.status < 400) return { answer };
    const error = apiError(request, answer);
    if (!isTransient(answer.status) && answer.status !== 403) throw error;
    return { error: { message: error.message, cause: error, ...(answer.retryAfter === undefined ? {} : { waitMs: answer.retryAfter * 1000 }) } };
  } catch (cause) {
    if (cause instanceof ApiError || cause instanceof NoCredentials) throw cause;
    return { error: { message: limit.signal.aborted ? 'no answer in time' : messageOf(cause), cause } };
  } finally {
    limit.clear();
  }
}

/** A signal that ends one try; real time, because sockets know no other. */
function attemptLimit({ attemptMs = 20_000, hurryMs = 3_000, signal }: RetryOptions): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error('no answer in time'));
  const timers = [setTimeout(abort, signal?.aborted ? hurryMs : attemptMs)];
  const hurry = (): void => void timers.push(setTimeout(abort, hurryMs));
  signal?.addEventListener('abort', hurry, { once: true });
  return {
    signal: controller.signal,
    clear() {
      timers.forEach((timer) => clearTimeout(timer));
      signal?.removeEventListener('abort', hurry);
    },
  };
}

/** An abort ends the wait early; the next look at the signal ends the retries. */
async function pause(clock: Clock, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.sleep(milliseconds, signal ?? new AbortController().signal).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}

/** Exponential from 100 ms to 3 s, half of it random, so that many Pods don't come back at once. */
export function backoffMs(tries: number): number {
  const full = Math.min(100 * 2 ** tries, 3_000);
  return full / 2 + (Math.random() * full) / 2;
}

function isTransient(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/** From the `Status` object of the answer, or from its text where a proxy answered. */
export function apiError({ method, path }: ApiRequest, { status, text }: ApiResponse): ApiError {
  const { message, reason } = parseStatus(text);
  return new ApiError(status, reason ?? '', `${method} ${path}: ${status} ${message ?? (text.slice(0, 200).trim() || 'without a message')}`);
}

function parseStatus(text: string): { readonly message?: string; readonly reason?: string } {
  try {
    const status = JSON.parse(text) as { message?: unknown; reason?: unknown } | null;
    return {
      ...(typeof status?.message === 'string' ? { message: status.message } : {}),
      ...(typeof status?.reason === 'string' ? { reason: status.reason } : {}),
    };
  } catch {
    return {};
  }
}

/** Failed connections to several addresses come as an AggregateError without a message. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
