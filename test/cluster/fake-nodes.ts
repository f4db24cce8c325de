import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { part } from './paths.ts';
import { type RunningProcess, startProcess } from './processes.ts';

/** What kwok does with the Pods of fake nodes: nothing until a test annotates them. */
export const STARTED = 'stand-in/started';
export const READY = 'stand-in/ready';

/**
 * Nodes without a kubelet, played by kwok, beside the real ones. They lack the label `kubernetes.io/os`, so what selects that label stays off them.
 * A Pod there starts when it is annotated with `STARTED`, and gets ready with `READY`.
 */
export async function startFakeNodes(cluster: Cluster, names: readonly string[]): Promise<RunningProcess> {
  const config = join(cluster.dir, 'kwok.json');
  writeFileSync(config, STAGES.map((stage) => JSON.stringify({ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Stage', ...stage })).join('\n---\n'));
  await cluster.apply(names.map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, annotations: { [FAKE]: 'fake' }, labels: { 'kubernetes.io/hostname': name } } })));
  const kwok = startProcess({
    name: 'kwok',
    command: part('kwok'),
    args: [`--kubeconfig=${cluster.kubeconfig}`, `--config=${config}`, '--manage-all-nodes=false', `--manage-nodes-with-annotation-selector=${FAKE}=fake`, '--node-lease-duration-seconds=40'],
    log: join(cluster.dir, 'logs/kwok.log'),
  });
  await cluster.waitFor('the fake nodes', async () => {
    const nodes = await Promise.all(names.map((name) => cluster.get('node', name)));
    return nodes.every(({ spec, status }) => !spec.taints && status.conditions?.some(({ type, status: value }: { type: string; status: string }) => type === 'Ready' && value === 'True'));
  });
  return kwok;
}

const FAKE = 'hookwave.test/node';
const POD = { apiGroup: 'v1', kind: 'Pod' };

const STAGES: readonly object[] = [
  {
    metadata: { name: 'node-ready' },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Node' },
      selector: { matchExpressions: [{ key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: 'NotIn', values: ['True'] }] },
      next: {
        statusTemplate: `conditions:
- {type: Ready, status: "True", reason: FakeNode, message: played by kwok, lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }}}
addresses:
- {type: InternalIP, address: {{ NodeIP | Quote }}}
allocatable: {cpu: "8", memory: 8Gi, pods: "100"}
capacity: {cpu: "8", memory: 8Gi, pods: "100"}
phase: Running
`,
      },
    },
  },
  {
    metadata: { name: 'pod-started' },
    spec: {
      resourceRef: POD,
      selector: { matchExpressions: [absent('.metadata.deletionTimestamp'), present(`.metadata.annotations["${STARTED}"]`), { key: '.status.phase', operator: 'In', values: ['Pending'] }] },
      next: { statusTemplate: podStatus(false) },
    },
  },
  {
    metadata: { name: 'pod-ready' },
    spec: {
      resourceRef: POD,
      selector: {
        matchExpressions: [
          absent('.metadata.deletionTimestamp'),
          present(`.metadata.annotations["${READY}"]`),
          { key: '.status.phase', operator: 'In', values: ['Running'] },
          { key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: 'NotIn', values: ['True'] },
        ],
      },
      next: { statusTemplate: podStatus(true) },
    },
  },
  { metadata: { name: 'pod-delete' }, spec: { resourceRef: POD, selector: { matchExpressions: [present('.metadata.deletionTimestamp')] }, next: { finalizers: { empty: true }, delete: true } } },
];

function present(key: string): object {
  return { key, operator: 'Exists' };
}

function absent(key: string): object {
  return { key, operator: 'DoesNotExist' };
}

function podStatus(ready: boolean): string {
  const conditions = ['Initialized', 'Ready', 'ContainersReady'].map((type) => `- {type: ${type}, status: "${ready || type === 'Initialized' ? 'True' : 'False'}", lastTransitionTime: {{ Now | Quote }}}`);
  return `phase: Running
startTime: {{ Now | Quote }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ NodeIPWith .spec.nodeName | Quote }}
conditions:
${conditions.join('\n')}
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name | Quote }}, image: {{ .image | Quote }}, imageID: fake, ready: ${ready}, started: true, restartCount: 0, state: {running: {startedAt: {{ Now | Quote }}}}}
{{ end }}
`;
}
