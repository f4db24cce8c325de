import type { CalicoApi } from '../../calico/calico-api.ts';
import { PolicyConflict, protectNewEndpoints } from '../../calico/protection.ts';
import type { StepContext } from '../step.ts';

/**
 * Protects `*` host endpoints that appear during the rollout, until the signal is aborted. A policy that stands in the way is reported only:
 * the guard holds calico-node where an endpoint is unprotected.
 * @throws ApiError, ApiUnavailable, LockHeld
 */
export async function keepProtecting(context: StepContext, api: CalicoApi, signal: AbortSignal): Promise<void> {
  const [endpoints] = api.watched;
  if (!endpoints) return;
  for await (const _endpoints of context.cluster.observe(endpoints, {}, signal)) {
    await protectNewEndpoints(context, api).catch((error: unknown) => {
      if (!(error instanceof PolicyConflict)) throw error;
      context.report.event('endpoints-unprotected', error.message, { level: 'warn' });
    });
  }
}
