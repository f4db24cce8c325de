import type { AccessRule, StepContext } from '../steps/step.ts';
import type { KubeObject } from './cluster.ts';
import { EVENTS } from './resources.ts';
import { messageOf } from './retry.ts';

export interface Note {
  /** What the event is about. */
  readonly regarding: KubeObject;
  /** One CamelCase word, such as `RolloutFrozen`. */
  readonly reason: string;
  /** At most 1024 bytes are kept. */
  readonly note: string;
  /** @default Normal */
  readonly type?: 'Normal' | 'Warning';
}

/** Puts a Kubernetes Event on an object. Best effort: what fails is reported, never thrown. */
export async function emitEvent({ cluster, clock, report, pod, identity }: StepContext, { regarding, reason, note, type = 'Normal' }: Note): Promise<void> {
  const { apiVersion, kind, metadata } = regarding;
  const { name, uid, resourceVersion } = metadata;
  const namespace = metadata.namespace ?? 'default';
  const event = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${name}.${clock.now().toString(16)}`, namespace },
    eventTime: new Date(clock.now()).toISOString().replace('Z', '000Z'),
    action: reason,
    reason,
    note: note.slice(0, 1000),
    type,
    regarding: { apiVersion, kind, name, namespace: metadata.namespace, uid, resourceVersion },
    reportingController: 'hookwave.dev/runner',
    reportingInstance: pod?.name ?? `hookwave-${identity.upgrade}`,
  };
  await cluster.create(EVENTS, event).catch((error: unknown) => report.event('event-failed', `no ${reason} event on ${kind} ${name}: ${messageOf(error)}`));
}

/** The rights of `emitEvent` for objects of one namespace; `default` for cluster-scoped objects. */
export function eventAccess(namespace: string): readonly AccessRule[] {
  return [{ apiGroup: 'events.k8s.io', resources: ['events'], verbs: ['create'], namespace }];
}
