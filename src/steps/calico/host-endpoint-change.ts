import type { Assessment } from '../../calico/assess.ts';
import { crosses } from '../../calico/versions.ts';

/** From this release on, Felix honours normal policy on `*` host endpoints and drops by default (projectcalico/calico v3.14.1 release notes). */
export const HOST_ENDPOINTS_DROP = 'v3.14.0';

/**
 * Why the upgrade changes nothing for `*` host endpoints; `undefined` when it may. Once a rollout has begun, the versions that run prove nothing:
 * a new calico-node may be held by its guard.
 */
export function whyUnchanged({ from, to }: { readonly from: string; readonly to: string }, found: Assessment): string | undefined {
  if (found.due === 'absent' || found.due === 'done') return found.reason;
  if (!crosses(from, to, HOST_ENDPOINTS_DROP)) return `${from} to ${to} changes nothing for host endpoints`;
  const oldest = found.due === 'not-started' ? found.oldest : undefined;
  const isPast = oldest !== undefined && !crosses(oldest, to, HOST_ENDPOINTS_DROP);
  return isPast ? `the cluster runs ${oldest}, which treats host endpoints as ${to} does` : undefined;
}
