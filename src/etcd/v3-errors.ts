import { EtcdAuthenticationFailedError, EtcdInvalidAuthTokenError, EtcdLeaseInvalidError, EtcdPermissionDeniedError, GRPCDeadlineExceededError, GRPCUnauthenticatedError, GRPCUnavailableError } from 'etcd3';
import { EtcdError, etcdError, type EtcdErrorReason, socketReason } from './errors.ts';

/** An error of the gRPC client in our words. */
export function v3Error(error: unknown, endpoints: readonly string[]): EtcdError {
  if (error instanceof EtcdError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return etcdError(reasonOf(error, said), 'etcd v3', `${endpoints.join(', ')}: ${said.replace(PREFIX, '')}`, error);
}

const DENIED = [EtcdAuthenticationFailedError, EtcdInvalidAuthTokenError, EtcdPermissionDeniedError, GRPCUnauthenticatedError];
/** etcd's answer to a request without a user, once it wants one; the library has no class for it. */
const NO_USER = /user name is empty/;
/** Class name, status and repetition of it that the library puts before what happened. */
const PREFIX = /^(\w+Error: )?\d+ [A-Z_]+: /;

function reasonOf(error: unknown, said: string): EtcdErrorReason {
  if (DENIED.some((kind) => error instanceof kind) || NO_USER.test(said)) return 'denied';
  if (error instanceof EtcdLeaseInvalidError) return 'expired';
  if (error instanceof GRPCDeadlineExceededError) return NOT_SENT.test(said) ? 'unreachable' : 'lost';
  if (error instanceof GRPCUnavailableError) return socketReason(error, !NOT_SENT.test(said));
  return 'refused';
}

/** What grpc-js says when there was no connection to send anything on. */
const NOT_SENT = /No connection established|ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|Waiting for LB pick|name resolution/i;
