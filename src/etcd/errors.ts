/**
 * - `unreachable`: no endpoint answered; nothing was sent. Worth another try.
 * - `lost`: the connection broke, the deadline passed or the server failed (HTTP 5xx) after the request was sent: a write may have happened or not.
 * - `expired`: the lease that was to hold a key had ended before; nothing was written. Worth another try.
 * - `tls`: certificates don't fit. - `denied`: wrong user or password, or no right. - `refused`: any other answer that is no success.
 */
export type EtcdErrorReason = 'unreachable' | 'lost' | 'expired' | 'tls' | 'denied' | 'refused';

/** The message names the side, the endpoints and what to do; it never holds a password or a value. */
export class EtcdError extends Error {
  override readonly name = 'EtcdError';
  readonly reason: EtcdErrorReason;
  constructor(reason: EtcdErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export function isEtcdError(error: unknown, reason: EtcdErrorReason): error is EtcdError {
  return error instanceof EtcdError && error.reason === reason;
}

const ADVICE: Readonly<Record<EtcdErrorReason, string>> = {
  unreachable: 'check the endpoints and that this host may reach them',
  lost: 'check the health of etcd, then run it again',
  expired: 'etcd or this machine is slow: run it again',
  tls: 'check the CA, certificate and key files, and that the server certificate names this endpoint',
  denied: 'check user name, password and the roles of the user',
  refused: "see etcd's own log",
};

/** @param side such as `etcd v2` */
export function etcdError(reason: EtcdErrorReason, side: string, what: string, cause?: unknown): EtcdError {
  return new EtcdError(reason, `${side}: ${what}; ${ADVICE[reason]}`, { cause });
}

/** Reads the error of a socket: what happened before anything was sent, and what after. */
export function socketReason(error: unknown, sent: boolean): EtcdErrorReason {
  const text = `${codeOf(error)} ${error instanceof Error ? error.message : String(error)}`;
  if (TLS.test(text)) return 'tls';
  return sent ? 'lost' : 'unreachable';
}

const TLS = /CERT|TLS|SSL|EPROTO|self[- ]signed|certificate|altnames/i;

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
