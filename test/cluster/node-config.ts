import { join } from 'node:path';

/** containerd 1.6 to 1.7 (configuration version 2). */
export function containerdConfig(dir: string, socket: string, pauseRef: string): string {
  return `version = 2
root = "${join(dir, 'containerd')}"
state = "/run/hookwave-containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseRef}"
  # Without CAP_SYS_RESOURCE every sandbox would fail with "can't get final child's PID from pipe: EOF".
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${join(dir, 'cni')}"
`;
}

/** A bridge in the node's own network namespace; leaving the node, Pods carry its address. */
export function cniConfig(dir: string, podCidr: string): string {
  const ipam = { type: 'host-local', ranges: [[{ subnet: podCidr }]], routes: [{ dst: '0.0.0.0/0' }], dataDir: join(dir, 'ipam') };
  const bridge = { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: true, ipam };
  return JSON.stringify({ cniVersion: '0.4.0', name: 'pods', plugins: [bridge, { type: 'portmap', capabilities: { portMappings: true } }] });
}

export interface KubeletFiles {
  readonly dir: string;
  readonly socket: string;
  /** Below every cgroup hierarchy, without a leading slash. */
  readonly cgroup: string;
}

export function kubeletConfig({ dir, socket, cgroup }: KubeletFiles): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    containerRuntimeEndpoint: `unix://${socket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    evictionHard: { 'memory.available': '10Mi', 'nodefs.available': '0%', 'imagefs.available': '0%', 'nodefs.inodesFree': '0%' },
    imageGCHighThresholdPercent: 100,
    // So that `kubectl logs` needs no certificates; the kubelet is reachable from this machine only.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    podLogsDir: join(dir, 'logs'),
    // Half of the default Pods' requests must not count: 2 cores carry everything.
    clusterDNS: ['10.96.0.10'],
    clusterDomain: 'cluster.local',
    nodeStatusUpdateFrequency: '2s',
    // What has not changed is not written again every two seconds.
    nodeStatusReportFrequency: '1m',
    syncFrequency: '10s',
    registryPullQPS: 0,
    eventRecordQPS: 0,
    healthzPort: 0,
  });
}

export function kubeProxyArguments(kubeconfig: string, node: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${node}`,
    '--proxy-mode=iptables',
    '--cluster-cidr=10.244.0.0/16',
    '--iptables-min-sync-period=0s',
    '--conntrack-max-per-core=0',
    '--conntrack-tcp-timeout-established=0',
    '--conntrack-tcp-timeout-close-wait=0',
  ];
}
