import { openCalico } from '../../calico/calico-api.ts';
import { protectNewEndpoints } from '../../calico/protection.ts';
import { withChanges } from '../../calico/with-changes.ts';
import type { StepContext } from '../step.ts';
import { changedOr } from './changed-or.ts';

/** After a failure. Milliseconds. */
const RETRY_INTERVAL = 5000;

/** Without a change. Milliseconds. */
const LOOK_INTERVAL = 60_000;

export interface ProtectNew {
  /** Namespace of Calico. */
  readonly namespace: string;
  readonly to: string;
  /** Version whose storage rules a new policy follows. */
  readonly startVersion: string;
}

/**
 * Protects `*` endpoints that appear while calico-node is rolled out, until the signal is aborted. Never fails: the guard holds what this can't protect,
 * and the next change, or some seconds, bring another try.
 */
export async function protectNew({ namespace, to, startVersion }: ProtectNew, context: StepContext, signal: AbortSignal): Promise<void> {
  const stoppable = { ...context, signal };
  while (!signal.aborted) {
    try {
      const { api } = await openCalico(context.cluster, { namespace, reader: to, writer: startVersion });
      if (!api) return;
      const selections = api.watched.map((resource) => [resource, {}] as const);
      await withChanges(context.cluster, selections, signal, async (changes) => {
        for (;;) {
          const change = changes.next();
          await protectNewEndpoints(stoppable, api);
          await changedOr(change, LOOK_INTERVAL, context.clock, signal);
        }
      });
    } catch (error) {
      if (signal.aborted) return;
      context.report.event('endpoints-unprotected', `host endpoints can't be protected now: ${error instanceof Error ? error.message : String(error)}`, { level: 'warn' });
      await context.clock.sleep(RETRY_INTERVAL, signal).catch(() => undefined);
    }
  }
}
