import { randomUUID } from 'node:crypto';
import { configMapRecord } from '../kube/config-map-record.ts';
import { lazyCluster } from '../kube/lazy-cluster.ts';
import { leaseLock } from '../kube/lease-lock.ts';
import type { PodService } from '../kube/service-account.ts';
import { systemClock } from '../kube/system-clock.ts';
import type { PodIdentity, Reporter, StepContext, UpgradeIdentity } from '../steps/step.ts';

export interface ContextOptions {
  readonly identity: UpgradeIdentity;
  readonly signal: AbortSignal;
  readonly report: Reporter;
  /** Absent outside a cluster. */
  readonly pod?: PodIdentity | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A step's context on the real cluster, which is connected to at the first call. */
export function stepContext({ identity, signal, report, pod, environment = {} }: ContextOptions): StepContext {
  const clock = systemClock;
  const cluster = lazyCluster(async () => (await import('../kube/client.ts')).connect({ signal, pod: podService(environment) }));
  const record = configMapRecord({ cluster, identity, clock, signal });
  const holder = pod ? { uid: pod.uid, pod: `${pod.namespace}/${pod.name}` } : { uid: `outside-${randomUUID()}`, pod: '' };
  const lock = leaseLock({ cluster, identity, clock, signal, report, record, holder });
  return { identity, cluster, record, lock, clock, signal, report, environment, ...(pod ? { pod } : {}) };
}

/** From the downward API; `undefined` when it is not there. */
export function podIdentity(env: Readonly<Record<string, string | undefined>>): PodIdentity | undefined {
  const { POD_NAME: name, POD_NAMESPACE: namespace, POD_UID: uid, JOB_NAME: job } = env;
  return name && namespace && uid ? { name, namespace, uid, ...(job ? { job } : {}) } : undefined;
}

/** The API server of the cluster that the Pod runs in; `undefined` where KUBECONFIG names another, or outside of Pods. */
export function podService(env: Readonly<Record<string, string | undefined>>): PodService | undefined {
  const { KUBECONFIG, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  return !KUBECONFIG && host && port ? { host, port } : undefined;
}
