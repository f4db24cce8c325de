import { openCalico } from '../../calico/calico-api.ts';
import { endpointRisk } from '../../calico/endpoint-risk.ts';
import { withChanges } from '../../kube/with-changes.ts';
import { isForbidden } from '../../kube/errors.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { calicoEndpointGuard } from './calico-endpoint-guard.ts';
import { changedOr } from '../rollout/changed-or.ts';

/** After a failed look, and when no watch tells of a change: tiers and the run record are not watched. Milliseconds. */
const LOOK_INTERVAL = 15_000;

/**
 * Lets the Pod start when the node's `*` endpoint is absent or protected, or when this plan is done: what is unprotected then is so on purpose.
 * What can't be read holds the Pod, as it would run into the harm blindly; where Calico's kinds are not there, neither are endpoints.
 */
export const runCalicoEndpointGuard: StepRun<typeof calicoEndpointGuard.params> = async ({ node }, context) => {
  const said = speaker(context);
  for (;;) {
    try {
      const answer = await lookAndWait(node, context, said);
      if (answer) return answer;
    } catch (error) {
      if (!context.signal.aborted) said.say('guard-blind', whyBlind(error));
    }
    if (context.signal.aborted) return timedOut(node, said.last);
    await context.clock.sleep(LOOK_INTERVAL, context.signal).catch(() => undefined);
  }
};

type Look = { readonly free: string } | { readonly holds: string };

async function lookAndWait(node: string, context: StepContext, { say }: Speaker): Promise<StepResult | undefined> {
  const { api, datastore } = await openCalico(context.cluster);
  if (!api) return passes(`${datastore.reason}, so there are no host endpoints`);
  const look = async (): Promise<Look> => {
    const risk = await endpointRisk(api, node);
    if (!risk.atRisk) return { free: risk.reason };
    return (await isDone(context)) ? { free: `this plan is done: ${risk.reason}` } : { holds: risk.reason };
  };
  const first = await look();
  if ('free' in first) return passes(first.free);
  say('guard-holds', first.holds);
  const selections = api.watched.map((resource) => [resource, {}] as const);
  return withChanges(context.cluster, selections, context.signal, async (changes) => {
    for (;;) {
      const change = changes.next();
      const seen = await look();
      if ('free' in seen) return passes(seen.free);
      say('guard-holds', seen.holds);
      await changedOr(change, LOOK_INTERVAL, context.clock, context.signal);
    }
  });
}

function passes(reason: string): StepResult {
  return { outcome: 'already', message: reason };
}

/** The run record only ever opens the way: without it, or without the right to read it, the endpoint decides. */
async function isDone({ record, identity }: StepContext): Promise<boolean> {
  try {
    const { run } = (await record.read()).record;
    return run?.plan === identity.plan && run.state === 'done';
  } catch {
    return false;
  }
}

function whyBlind(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isForbidden(error) ? `host endpoints can't be read (${message}); sync the role and the binding of the guard` : `host endpoints can't be read: ${message}`;
}

interface Speaker {
  /** What was said last. */
  readonly last: string;
  say(event: string, message: string): void;
}

/** Says each thing once. */
function speaker({ report }: StepContext): Speaker {
  let last = '';
  return {
    get last() {
      return last;
    },
    say(event, message) {
      if (message !== last) report.event(event, message);
      last = message;
    },
  };
}

function timedOut(node: string, last: string): StepResult {
  return {
    outcome: 'failed',
    exitCode: 20,
    message: `calico-node on ${node} is held: ${last || 'there was no time to look'}`,
    next: 'run a full sync with hooks, which protects the endpoint; the kubelet starts this guard again',
  };
}
