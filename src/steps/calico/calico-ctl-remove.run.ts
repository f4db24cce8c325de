import { tagOf } from '../../calico/images.ts';
import { imageOf } from '../../calico/rollout.ts';
import { isRelease } from '../../calico/versions.ts';
import type { Pod } from '../../calico/workloads.ts';
import { PODS } from '../../kube/resources.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import type { calicoCtlRemove } from './calico-ctl-remove.ts';

export const runCalicoCtlRemove: StepRun<typeof calicoCtlRemove.params> = async ({ to, namespace, name }, context) => {
  const pod = await context.cluster.get<Pod>(PODS, name, namespace);
  if (!pod) return { outcome: 'already', message: `there is no Pod ${namespace}/${name}` };
  const image = imageOf(pod, name);
  if (isRelease(tagOf(image), to)) return { outcome: 'already', message: `Pod ${namespace}/${name} runs ${image}` };
  const owner = pod.metadata.ownerReferences?.[0];
  if (owner) return { outcome: 'skipped', message: `Pod ${namespace}/${name} runs ${image} and belongs to ${owner.kind} ${owner.name}, which replaces it` };
  if (!pod.metadata.deletionTimestamp) await context.lock.hold(() => context.cluster.delete(PODS, pod));
  return untilGone(pod, context, `deleted Pod ${namespace}/${name}, which ran ${image ?? 'no image'}`);
};

/** Until then an apply would change the dying Pod instead of creating the new one. */
async function untilGone({ metadata: { name, namespace, uid } }: Pod, { cluster, signal }: StepContext, message: string): Promise<StepResult> {
  const selection = { ...(namespace !== undefined && { namespace }), fields: `metadata.name=${name}` };
  for await (const pods of cluster.observe<Pod>(PODS, selection, signal)) {
    if (!pods.some((pod) => pod.metadata.uid === uid)) return { outcome: 'done', message };
  }
  return { outcome: 'failed', exitCode: 20, message: `Pod ${namespace}/${name} is still terminating`, next: 'wait until it is gone, or delete it by force' };
}
