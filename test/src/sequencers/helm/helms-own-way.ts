type Reasons = Readonly<Record<string, readonly string[]>>;

/** All that a chart may render in another way than the plain synthesis: for each example, by reason, as `differences` says it. */
const REASONS: Readonly<Record<string, Reasons>> = {
  'calico-manifest': {
    'Helm has no hook for a failure': [
      '- ClusterRole /hookwave-calico-rescue',
      '- ClusterRoleBinding /hookwave-calico-rescue',
      '- Job hookwave-calico/hookwave-calico-rescue',
      '- Role hookwave-calico/hookwave-calico-rescue',
      '- Role kube-system/hookwave-calico-rescue',
      '- RoleBinding hookwave-calico/hookwave-calico-rescue',
      '- RoleBinding kube-system/hookwave-calico-rescue',
      '- ServiceAccount hookwave-calico/hookwave-calico-rescue',
    ],
    'Helm 3 fails on an object of the release that a hook has created': [
      '- ClusterRole /hookwave-calico-prepare rules {"apiGroups":["apiextensions.k8s.io"],"resources":["customresourcedefinitions"],"verbs":["create","get"]}',
      '- ConfigMap hookwave-calico/hookwave-calico-prepare',
      '- Job hookwave-calico/hookwave-calico-prepare spec template spec containers calico-protect volumeMounts',
      '- Job hookwave-calico/hookwave-calico-prepare spec template spec initContainers crds-establish',
      '- Job hookwave-calico/hookwave-calico-prepare spec template spec initContainers once-jobs-clear volumeMounts',
      '- Job hookwave-calico/hookwave-calico-prepare spec template spec volumes',
    ],
    'a hook has a fixed name, and Helm deletes the last one of it': [
      '- Job hookwave-calico/hookwave-calico-verify metadata labels hookwave.dev/once: true',
      '- Job hookwave-calico/hookwave-calico-verify metadata name: hookwave-calico-verify-<digest>',
      '+ Job hookwave-calico/hookwave-calico-verify metadata name: hookwave-calico-verify',
    ],
    'helm test': [
      '+ ClusterRole /hookwave-calico-test',
      '+ ClusterRoleBinding /hookwave-calico-test',
      '+ Pod hookwave-calico/hookwave-calico-test',
      '+ Role hookwave-calico/hookwave-calico-test',
      '+ Role kube-system/hookwave-calico-test',
      '+ RoleBinding hookwave-calico/hookwave-calico-test',
      '+ RoleBinding kube-system/hookwave-calico-test',
      '+ ServiceAccount hookwave-calico/hookwave-calico-test',
    ],
    'other bytes, another digest of them': [
      '- ConfigMap hookwave-calico/hookwave-calico-plan data content: <digest>',
      '+ ConfigMap hookwave-calico/hookwave-calico-plan data content: <digest>',
    ],
  },
  'calico-datastore-migration': {
    'with --wait, Helm runs no hook before the workload is ready, and the workload waits for this Job: it is part of the release, once': [
      '- Job kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/phase: verify',
      '+ Job kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/phase: upgrade',
      '+ Job kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/once: true',
      '- Job kube-system/hookwave-calico-v3-rollout metadata name: hookwave-calico-v3-rollout',
      '+ Job kube-system/hookwave-calico-v3-rollout metadata name: hookwave-calico-v3-rollout-<digest>',
      '- Job kube-system/hookwave-calico-v3-rollout spec template metadata labels hookwave.dev/phase: verify',
      '+ Job kube-system/hookwave-calico-v3-rollout spec template metadata labels hookwave.dev/phase: upgrade',
      '- Role kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/phase: verify',
      '+ Role kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/phase: upgrade',
      '- RoleBinding kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/phase: verify',
      '+ RoleBinding kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/phase: upgrade',
      '- ServiceAccount kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/phase: verify',
      '+ ServiceAccount kube-system/hookwave-calico-v3-rollout metadata labels hookwave.dev/phase: upgrade',
    ],
    'a hook has a fixed name, and Helm deletes the last one of it': [
      '- Job kube-system/hookwave-calico-v3-verify metadata labels hookwave.dev/once: true',
      '- Job kube-system/hookwave-calico-v3-verify metadata name: hookwave-calico-v3-verify-<digest>',
      '+ Job kube-system/hookwave-calico-v3-verify metadata name: hookwave-calico-v3-verify',
    ],
    'helm test': [
      '+ Pod kube-system/hookwave-calico-v3-test',
      '+ Role kube-system/hookwave-calico-v3-test',
      '+ RoleBinding kube-system/hookwave-calico-v3-test',
      '+ ServiceAccount kube-system/hookwave-calico-v3-test',
    ],
    'other bytes, another digest of them': [
      '- ConfigMap kube-system/hookwave-calico-v3-plan data content: <digest>',
      '+ ConfigMap kube-system/hookwave-calico-v3-plan data content: <digest>',
    ],
  },
};

/** The lines of an example, sorted. */
export function helmsOwnWay(example: string): readonly string[] {
  return Object.values(REASONS[example] ?? {}).flat().toSorted();
}
