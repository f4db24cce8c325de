/** Names in upstream's manifests. */

export const KUBE_CONTROLLERS = 'calico-kube-controllers';

/** DaemonSets of the manifest variants: calico.yaml, canal.yaml, canal-etcd.yaml. */
export const NODE_DAEMON_SETS = ['calico-node', 'canal', 'canal-node'] as const;
