import type { Datastore } from '../../calico/datastore.ts';
import type { StepResult } from '../step.ts';

/** Calico's objects can't be reached through Kubernetes. */
export function noApiResult(datastore: Datastore): StepResult {
  return {
    outcome: 'failed',
    exitCode: 10,
    message: `host endpoints can't be read: ${datastore.reason}`,
    next: datastore.is === 'etcd' ? 'this recipe is for the Kubernetes datastore; prepare host endpoints with calicoctl' : 'restore the CustomResourceDefinitions of Calico',
  };
}

export function conflictResult({ message }: Error): StepResult {
  return { outcome: 'failed', exitCode: 10, message, next: 'rename or delete that policy; its name is needed for the time of the upgrade' };
}
