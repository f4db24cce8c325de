/** Rights that roles give, held against what the audit logs of the real tier say was asked. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Asked, auditFolder } from '../cluster/audit.ts';
import type { Grant } from './granted.ts';
import type { Unused } from './unused.ts';

export interface Comparison {
  /** Accounts of the upgrade, as `namespace/name`. */
  readonly accounts: RegExp;
  readonly grants: readonly Grant[];
  /** Fewer would mean that the manifests were not found. */
  readonly atLeast: number;
  readonly unused: readonly Unused[];
}

/** Defines the tests of one upgrade. */
export function compareRights({ accounts, grants, atLeast, unused }: Comparison): void {
  const asked = askedBy({ accounts });
  deniesNothing({ accounts, grants, atLeast });

  it('every right was used, or stands on the list with a reason', () => {
    const idle = grants.filter((grant) => !asked.some((one) => isUseOf(one, grant)));
    expect(texts(idle.filter((grant) => !unused.some((entry) => isAbout(entry, grant))))).toEqual([]);
  });

  it('every entry of the list is about rights that are still given', () => {
    expect(unused.flatMap(split).filter((entry) => !grants.some((grant) => isAbout(entry, grant)))).toEqual([]);
  });

  it('no entry of the list is about a right that some scenario uses, unless it says that only some runs do', () => {
    const strict = unused.filter(({ sometimes }) => sometimes === undefined);
    expect(texts(grants.filter((grant) => strict.some((entry) => isAbout(entry, grant)) && asked.some((one) => isUseOf(one, grant))))).toEqual([]);
  });
}

/** Defines only the tests about what was denied: for scenarios that do not use every right. */
export function deniesNothing({ accounts, grants, atLeast }: Omit<Comparison, 'unused'>): void {
  const asked = askedBy({ accounts });

  it('has the audit logs of the scenarios', () => {
    expect(grants.length).toBeGreaterThan(atLeast);
    for (const { account } of grants) expect(asked.map((one) => one.account)).toContain(account);
  });

  it('no request was denied, but by an API server that a test has just started again, or to a Pod that was being replaced', () => {
    const surprises = asked.filter(({ denied, denial }) => denied && denial?.replaced !== true && (denial?.secondsAfterRestart ?? Infinity) > READS_ROLES_SECONDS);
    expect(surprises.map((one) => `${textOf(one)} ${JSON.stringify(one.denial)}`)).toEqual([]);
  });
}

/** It listens a moment before it has read the roles, and denies everything until then; the runner asks again for this long (src/kube/retry.ts). */
const READS_ROLES_SECONDS = 15;

function askedBy({ accounts }: Pick<Comparison, 'accounts'>): readonly Asked[] {
  return everythingAsked().filter(({ account }) => accounts.test(account));
}

function everythingAsked(): readonly Asked[] {
  const files = existsSync(auditFolder) ? readdirSync(auditFolder) : [];
  return files.flatMap((file) => JSON.parse(readFileSync(join(auditFolder, file), 'utf8')) as readonly Asked[]);
}

function isUseOf(one: Asked, { account, verb, group, resource, namespace, names }: Grant): boolean {
  const isSame = one.account === account && one.verb === verb && one.group === group && one.resource === resource && !one.denied;
  return isSame && (namespace === '' || namespace === one.namespace) && (!names || names.includes(one.name));
}

/** One entry for each right that it names. */
function split(entry: Unused): readonly Unused[] {
  return entry.accounts.flatMap((account) => entry.verbs.flatMap((verb) => entry.resources.map((resource) => ({ ...entry, accounts: [account], verbs: [verb], resources: [resource] }))));
}

function isAbout({ accounts, verbs, group, resources, name }: Unused, grant: Grant): boolean {
  const isSame = accounts.some((one) => grant.account.endsWith(`/${one}`)) && verbs.includes(grant.verb) && grant.group === group && resources.includes(grant.resource);
  return isSame && (name === undefined || grant.names?.includes(name) === true);
}

/** Each once: both sequencers give the same rights. */
function texts(grants: readonly Grant[]): readonly string[] {
  return [...new Set(grants.map((grant) => `${textOf(grant)}${grant.names ? ` ${grant.names.join()}` : ''}`))];
}

function textOf({ account, verb, group, resource, namespace }: Asked | Grant): string {
  return `${account}: ${verb} ${resource}${group === '' ? '' : `.${group}`}${namespace === '' ? '' : ` in ${namespace}`}`;
}
