/** An HTTP answer that is no success. `reason` is the API's own word, such as `Conflict`, `NotFound`, `Forbidden`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.reason = reason;
  }
}

/** No usable answer within the bound: connection refused or reset, a timeout, or only 5xx and 429. Worth another run. */
export class ApiUnavailable extends Error {
  override readonly name = 'ApiUnavailable';
}

/** The credentials could not be had: an exec plugin failed, a file is missing. Trying again does not help. */
export class NoCredentials extends Error {
  override readonly name = 'NoCredentials';
}

/** The object has moved on since it was read: read again, decide again. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason !== 'AlreadyExists';
}

export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason === 'AlreadyExists';
}

/** A missing right; the API's message names verb, resource and namespace. */
export function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 403;
}

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}
