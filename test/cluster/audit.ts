import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { projectFolder } from './paths.ts';

/** What accounts of hookwave asked of an API server, each thing once. */
export interface Asked {
  /** `namespace/name` of the ServiceAccount. */
  readonly account: string;
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `pods/log`. Empty for a path that is no resource. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly denied: boolean;
}

/** Where every cluster leaves what was asked of it, for the comparison with what was granted. */
export const auditFolder = join(projectFolder, '.test/audit');

interface AuditEvent {
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly verb: string;
  readonly objectRef?: { readonly apiGroup?: string; readonly resource?: string; readonly subresource?: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
}

/** Reads a cluster's audit log before the cluster goes, and keeps what hookwave's Pods asked. */
export function keepAudit(auditLog: string, clusterDir: string): void {
  if (!existsSync(auditLog)) return;
  const asked = readAsked(readFileSync(auditLog, 'utf8'));
  if (asked.length === 0) return;
  mkdirSync(auditFolder, { recursive: true });
  writeFileSync(join(auditFolder, `${basename(clusterDir)}.json`), `${JSON.stringify(asked, null, 1)}\n`);
}

/** Of ServiceAccounts only: people at the command line bring rights of their own. */
function readAsked(log: string): readonly Asked[] {
  const lines = log.split('\n').filter((line) => line.includes('"userAgent":"hookwave/'));
  const all = lines.map((line) => JSON.parse(line) as AuditEvent).filter(({ user }) => user.username.startsWith(ACCOUNT));
  return [...new Map(all.map((event) => [JSON.stringify(askedBy(event)), askedBy(event)])).values()];
}

const ACCOUNT = 'system:serviceaccount:';

function askedBy({ user, verb, objectRef = {}, responseStatus }: AuditEvent): Asked {
  const { apiGroup: group = '', resource = '', subresource, namespace = '', name = '' } = objectRef;
  return {
    account: user.username.slice(ACCOUNT.length).replace(':', '/'),
    verb,
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    name,
    denied: responseStatus?.code === 403,
  };
}
