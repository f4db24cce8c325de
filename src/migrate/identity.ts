import { randomUUID } from 'node:crypto';
import { MigrationError } from './contract.ts';

/** This process, as it stands where the owner is noted; the same for all its attempts, so that it can go on after a broken connection. */
export interface Identity {
  readonly id: string;
  /** For people: Pod and node, or user and host. */
  readonly name: string;
}

export function newIdentity(name: string): Identity {
  return { id: randomUUID(), name };
}

/** An owner as it is stored. */
export interface Owner extends Identity {
  readonly leaseSeconds: number;
  /** RFC 3339, for people. */
  readonly since: string;
}

/** What somebody hears who is not the owner. */
export function held({ name, since, leaseSeconds }: Owner): MigrationError {
  return new MigrationError('held', `the migration is in the hands of ${name} since ${since}; wait for its end, or up to ${leaseSeconds} s longer if it is gone`);
}
