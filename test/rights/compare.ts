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
  const asked = everythingAsked().filter(({ account }) => accounts.test(account));

  it('has the audit logs of the scenarios', () => {
    expect(grants.length).toBeGreaterThan(atLeast);
    for (const { account } of grants) expect(asked.map((one) => one.account)).toContain(account);
  });

  it('no request was denied, but by an API server that has just been started', () => {
    const surprises = asked.filter(({ denied, denial }) => denied && !(denial && denial.secondsAfterStart < READS_ROLES_SECONDS));
    expect(surprises.map((one) => `${textOf(one)} ${JSON.stringify(one.denial)}`)).toEqual([]);
  });

  it('every right was used, or stands on the list with a reason', () => {
    const idle = grants.filter((grant) => !asked.some((one) => isUseOf(one, grant)));
    expect([...new Set(idle.filter((grant) => !unused.some((entry) => isAbout(entry, grant))).map(textOf))]).toEqual([]);
  });

  it('every entry of the list is about a right that is still given', () => {
    expect(unused.filter((entry) => !grants.some((grant) => isAbout(entry, grant)))).toEqual([]);
  });

  it('no entry of the list is about a right that some scenario uses, unless it says that only some runs do', () => {
    const used = unused.filter(({ sometimes }) => !sometimes).filter((entry) => grants.filter((grant) => isAbout(entry, grant)).every((grant) => asked.some((one) => isUseOf(one, grant))));
    expect(used).toEqual([]);
  });
}

/** Some scenarios kill the API server. It listens a moment before it has read the roles, and denies everything until then; the Job's next Pod or the next sync finds it ready. */
const READS_ROLES_SECONDS = 15;

function everythingAsked(): readonly Asked[] {
  const files = existsSync(auditFolder) ? readdirSync(auditFolder) : [];
  return files.flatMap((file) => JSON.parse(readFileSync(join(auditFolder, file), 'utf8')) as readonly Asked[]);
}

function isUseOf(one: Asked, { account, verb, group, resource, namespace, names }: Grant): boolean {
  const isSame = one.account === account && one.verb === verb && one.group === group && one.resource === resource && !one.denied;
  return isSame && (namespace === '' || namespace === one.namespace) && (!names || names.includes(one.name));
}

function isAbout({ accounts, verbs, group, resources }: Unused, grant: Grant): boolean {
  const isAccount = accounts === undefined || accounts.some((name) => grant.account.endsWith(`/${name}`));
  return isAccount && (verbs === undefined || verbs.includes(grant.verb)) && grant.group === group && (resources === undefined || resources.includes(grant.resource));
}

function textOf({ account, verb, group, resource, namespace }: Asked | Grant): string {
  return `${account}: ${verb} ${resource}${group === '' ? '' : `.${group}`}${namespace === '' ? '' : ` in ${namespace}`}`;
}
