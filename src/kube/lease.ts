import type { UpgradeIdentity } from '../steps/step.ts';
import type { KubeObject } from './cluster.ts';

export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** `namespace/name` of the holder's Pod, so that a waiter can look whether it still runs. */
const POD_ANNOTATION = 'hookwave.dev/pod';

export const LEASE_SECONDS = 30;
export const RENEW_SECONDS = 10;

export interface Holder {
  /** Pod UID. */
  readonly uid: string;
  /** `namespace/name`. */
  readonly pod: string;
}

/** `undefined` when nobody holds the Lease. */
export function holderOf({ spec, metadata }: Lease): { readonly uid: string; readonly pod: string | undefined } | undefined {
  return spec?.holderIdentity ? { uid: spec.holderIdentity, pod: metadata.annotations?.[POD_ANNOTATION] } : undefined;
}

/** How long a holder may leave the Lease unchanged, in milliseconds. */
export function patienceMs({ spec }: Lease): number {
  return (spec?.leaseDurationSeconds ?? LEASE_SECONDS) * 1000;
}

export function newLease({ upgrade, namespace }: UpgradeIdentity, holder: Holder, now: number): Lease {
  const labels = { 'app.kubernetes.io/managed-by': 'hookwave', 'hookwave.dev/upgrade': upgrade };
  return heldLease({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: `hookwave-${upgrade}`, namespace, labels } }, holder, now);
}

/** The Lease in the hands of a holder, from now on. */
export function heldLease(lease: Lease, { uid, pod }: Holder, now: number): Lease {
  const { metadata, spec } = lease;
  const isChange = spec !== undefined && spec.holderIdentity !== uid;
  return {
    ...lease,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [POD_ANNOTATION]: pod } },
    spec: { ...spec, holderIdentity: uid, leaseDurationSeconds: LEASE_SECONDS, acquireTime: microTime(now), renewTime: microTime(now), leaseTransitions: (spec?.leaseTransitions ?? 0) + (isChange ? 1 : 0) },
  };
}

export function renewedLease(lease: Lease, now: number): Lease {
  return { ...lease, spec: { ...lease.spec, renewTime: microTime(now) } };
}

export function releasedLease(lease: Lease, now: number): Lease {
  return { ...lease, spec: { ...lease.spec, holderIdentity: '', renewTime: microTime(now) } };
}

/** RFC 3339 with six digits: the API's MicroTime takes nothing else (apimachinery meta/v1/micro_time.go). */
function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
