import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Asked, auditFolder } from '../cluster/audit.ts';
import { projectFolder } from '../cluster/paths.ts';
import { type Grant, grantsIn } from './granted.ts';
import { DENIED, type Unused, UNUSED } from './unused.ts';

/** Accounts of the upgrade `calico`; the guard runs as the vendor's account. */
const OWN = /^(hookwave-calico\/|kube-system\/calico-node$)/;

const files = existsSync(auditFolder) ? readdirSync(auditFolder) : [];
const asked = files.flatMap((file) => JSON.parse(readFileSync(join(auditFolder, file), 'utf8')) as readonly Asked[]).filter(({ account }) => OWN.test(account));
const grants = grantsIn(join(projectFolder, 'synth/calico-manifest/argo'));

describe('rights of the hooks, over every scenario of the real tier (run it before: .test/audit)', () => {
  it('has the audit logs of the scenarios', () => {
    expect(grants.length).toBeGreaterThan(50);
    for (const { account } of grants) expect(asked.map((one) => one.account)).toContain(account);
  });

  it('no request was denied, but for those on the list with a reason', () => {
    expect(asked.filter(({ denied, account }) => denied && !DENIED.some((one) => one.account === account)).map((one) => `${textOf(one)} ${JSON.stringify(one.denial)}`)).toEqual([]);
  });

  it('every right was used, or stands on the list with a reason', () => {
    const unused = grants.filter((grant) => !asked.some((one) => isUseOf(one, grant)));
    expect([...new Set(unused.filter((grant) => !UNUSED.some((entry) => isAbout(entry, grant))).map(textOf))]).toEqual([]);
  });

  it('every entry of the list is about a right that is still given', () => {
    expect(UNUSED.filter((entry) => !grants.some((grant) => isAbout(entry, grant)))).toEqual([]);
  });

  it('no entry of the list is about a right that some scenario uses, unless it says that only some runs do', () => {
    const used = UNUSED.filter(({ sometimes }) => !sometimes).filter((entry) => grants.filter((grant) => isAbout(entry, grant)).every((grant) => asked.some((one) => isUseOf(one, grant))));
    expect(used).toEqual([]);
  });
});

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
