import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { ApiServer } from './control-plane.ts';
import { projectFolder } from './paths.ts';

/** What accounts of hookwave asked of an API server, each thing once, and each time that it was denied. */
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
  /** Of a denied request: what its cause is found by. */
  readonly denial?: Denial;
}

export interface Denial {
  readonly at: string;
  /** The Pod that asked. */
  readonly pod: string;
  /** The authorizer's words. */
  readonly reason: string;
  /** Since the test started the API server again: it denies until it has read the roles, and answers before. Absent where it has run without a break. */
  readonly secondsAfterRestart?: number;
  /** Somebody took the rights of this account away in the seconds before, and the Pod's Job in the seconds after: hooks are replaced one by one. */
  readonly replaced: boolean;
  /** Deletions of roles, bindings, accounts, Pods and namespaces of this upgrade in the minute before: `time user verb resource name`. */
  readonly deletions: readonly string[];
}

/** Where every cluster leaves what was asked of it, for the comparison with what was granted. */
export const auditFolder = join(projectFolder, '.test/audit');

interface AuditEvent {
  readonly user: { readonly username: string; readonly extra?: Readonly<Record<string, readonly string[]>> };
  readonly userAgent?: string;
  readonly verb: string;
  readonly objectRef?: { readonly apiGroup?: string; readonly resource?: string; readonly subresource?: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Reads a cluster's audit log before the cluster goes, and keeps what hookwave's Pods asked. */
export function keepAudit({ auditLog, startedAt }: Pick<ApiServer, 'auditLog' | 'startedAt'>, clusterDir: string): void {
  if (!existsSync(auditLog)) return;
  const asked = readAsked(readFileSync(auditLog, 'utf8'), startedAt);
  if (asked.length === 0) return;
  mkdirSync(auditFolder, { recursive: true });
  writeFileSync(join(auditFolder, `${basename(clusterDir)}.json`), `${JSON.stringify(asked, null, 1)}\n`);
}

/** Of ServiceAccounts only: people at the command line bring rights of their own. */
function readAsked(log: string, startedAt: readonly number[]): readonly Asked[] {
  const lines = log.split('\n');
  const events = lines.filter((line) => line.includes('"userAgent":"hookwave/')).map(parse).filter(({ user }) => user.username.startsWith(ACCOUNT));
  const key = (event: AuditEvent): string => JSON.stringify(isDenied(event) ? event : askedBy(event));
  return [...new Map(events.map((event) => [key(event), event])).values()].map((event) => ({ ...askedBy(event), ...(isDenied(event) && { denial: denialOf(event, lines, startedAt) }) }));
}

const ACCOUNT = 'system:serviceaccount:';
const parse = (line: string): AuditEvent => JSON.parse(line);
const isDenied = ({ responseStatus }: AuditEvent): boolean => responseStatus?.code === 403;

function askedBy(event: AuditEvent): Asked {
  const { user, verb, objectRef: { apiGroup: group = '', resource = '', subresource, namespace = '', name = '' } = {} } = event;
  return {
    account: user.username.slice(ACCOUNT.length).replace(':', '/'),
    verb,
    group,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    name,
    denied: isDenied(event),
  };
}

function denialOf({ user, requestReceivedTimestamp, annotations }: AuditEvent, lines: readonly string[], startedAt: readonly number[]): Denial {
  const at = Date.parse(requestReceivedTimestamp);
  const pod = user.extra?.['authentication.kubernetes.io/pod-name']?.[0] ?? '';
  const restarts = startedAt.slice(1).filter((start) => start <= at);
  const deletions = lines.filter((line) => DELETION.test(line) && line.includes('hookwave-')).map(parse);
  const deleted = (resources: RegExp, name: string | undefined, from: number, to: number): boolean =>
    deletions.some(({ requestReceivedTimestamp: time, objectRef }) => resources.test(objectRef?.resource ?? '') && objectRef?.name === name && Date.parse(time) >= from && Date.parse(time) <= to);
  return {
    at: requestReceivedTimestamp,
    pod,
    reason: annotations?.['authorization.k8s.io/reason'] ?? '',
    ...(restarts.length > 0 && { secondsAfterRestart: (at - Math.max(...restarts)) / 1000 }),
    replaced: deleted(/role|serviceaccounts/, user.username.split(':').at(-1), at - REPLACED_MS, at) && deleted(/^jobs$/, pod.replace(/-[^-]+$/, ''), at, at + REPLACED_MS),
    deletions: deletions
      .filter(({ requestReceivedTimestamp: time }) => Date.parse(time) <= at && Date.parse(time) > at - 60_000)
      .map((one) => `${one.requestReceivedTimestamp} ${one.user.username} ${one.verb} ${one.objectRef?.resource} ${one.objectRef?.name ?? ''}`),
  };
}

/** As long as a watch waits after a denial (src/steps/rollout/watch-rollout.run.ts). */
const REPLACED_MS = 30_000;
const DELETION = /"verb":"delete(?:collection)?".*"resource":"(?:roles|rolebindings|clusterroles|clusterrolebindings|serviceaccounts|pods|jobs|namespaces)"/;
