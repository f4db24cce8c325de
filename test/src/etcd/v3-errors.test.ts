import { EtcdInvalidAuthTokenError, EtcdLeaseInvalidError, EtcdPermissionDeniedError, GRPCDeadlineExceededError, GRPCInternalError, GRPCUnavailableError } from 'etcd3';
import { describe, expect, test } from 'vitest';
import { v3Error } from '../../../src/etcd/v3-errors.ts';
import { MigrationError } from '../../../src/migrate/contract.ts';
import { isTransient, isTransientReason, mayPass } from '../../../src/migrate/transient.ts';

const of = (error: unknown) => v3Error(error, ['https://etcd:2379']);

describe('an error of the gRPC client', () => {
  test.each([
    ['a lease that has ended', new EtcdLeaseInvalidError('8762'), 'expired', true],
    ['a token that etcd no longer knows', new EtcdInvalidAuthTokenError('16 UNAUTHENTICATED: etcdserver: invalid auth token'), 'denied', false],
    ['no right', new EtcdPermissionDeniedError('7 PERMISSION_DENIED: etcdserver: permission denied'), 'denied', false],
    ['no user', new Error('3 INVALID_ARGUMENT: etcdserver: user name is empty'), 'denied', false],
    ['a deadline after the request was sent', new GRPCDeadlineExceededError('4 DEADLINE_EXCEEDED: Deadline exceeded'), 'lost', true],
    ['a deadline without a connection', new GRPCDeadlineExceededError('4 DEADLINE_EXCEEDED: Deadline exceeded after 5s, Waiting for LB pick'), 'unreachable', true],
    ['a refused connection', new GRPCUnavailableError('14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED'), 'unreachable', true],
    ['a broken connection', new GRPCUnavailableError('14 UNAVAILABLE: Connection dropped'), 'lost', true],
    ['a certificate that does not fit', new GRPCUnavailableError('14 UNAVAILABLE: No connection established. Last error: self-signed certificate'), 'tls', false],
    ['anything else', new GRPCInternalError('13 INTERNAL: etcdserver: too many operations'), 'refused', false],
  ] as const)('%s', (_, error, reason, transient) => {
    expect(of(error)).toMatchObject({ reason, message: expect.stringMatching(/^etcd v3: https:\/\/etcd:2379: .+; .+/) });
    expect(isTransient(of(error))).toBe(transient);
  });

  test('the number and name of the status are left out', () => {
    expect(of(new GRPCInternalError('13 INTERNAL: etcdserver: too many operations')).message).toContain(': etcdserver: too many operations;');
  });
});

test('what another owner holds may pass, but is not transient', () => {
  const held = new MigrationError('held', 'in the hands of node-1');
  expect([isTransient(held), mayPass(held), isTransientReason(held.reason)]).toEqual([false, true, false]);
  expect([isTransient(new MigrationError('transient', 'again')), mayPass(new MigrationError('phase', 'no'))]).toEqual([true, false]);
  expect([isTransientReason(undefined), isTransientReason('expired')]).toEqual([false, true]);
});
