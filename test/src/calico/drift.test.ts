import { describe, expect, test } from 'vitest';
import { driftFile, driftFileSchema } from '../../../src/calico/drift-file.ts';
import { describeLostEdit, lostEdits } from '../../../src/calico/drift.ts';
import { lastApplied } from '../../../src/calico/last-applied.ts';
import { tunables, type Tunables } from '../../../src/calico/tunables.ts';
import type { KubeObject } from '../../../src/kube/cluster.ts';
import { hasUpstream } from '../../upstream.ts';
import { upstreamObjects } from './upstream-objects.ts';
import { WORKLOAD } from './objects.ts';

const MTU = 'ConfigMap/calico-config/data/veth_mtu';
const POOL = 'DaemonSet/calico-node/containers/calico-node/env/CALICO_IPV4POOL_CIDR';
const REGISTRY = 'DaemonSet/calico-node/containers/calico-node/registry';
const NODE: Tunables = { [REGISTRY]: 'calico' };

function config(data: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'calico-config' }, data } as KubeObject;
}

function daemonSet(env: readonly object[], image = 'docker.io/calico/node:v3.13.4'): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'calico-node' }, spec: { template: { spec: { containers: [{ name: 'calico-node', image, env }] } } } } as KubeObject;
}

describe('tunables', () => {
  test('reads settings, environment and registries, and nothing else', () => {
    const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-proxy' }, data: { mode: 'ipvs' } } as KubeObject;
    expect(tunables([config({ veth_mtu: '1440' }), daemonSet([{ name: 'IP', value: 'autodetect' }]), other])).toEqual({
      [MTU]: '1440',
      [REGISTRY]: 'calico',
      'DaemonSet/calico-node/containers/calico-node/env/IP': 'autodetect',
    });
  });

  test('what the API server fills in makes no difference', () => {
    const written = [{ name: 'NODENAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }, { name: 'EMPTY', value: '' }];
    const served = [{ name: 'NODENAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } }, { name: 'EMPTY' }];
    expect(tunables([daemonSet(served)])).toEqual(tunables([daemonSet(written)]));
  });

  test('a secret-like value is compared but never kept', () => {
    const path = 'DaemonSet/calico-node/containers/calico-node/env/FELIX_API_TOKEN';
    const [one, same, other] = ['hunter2', 'hunter2', 'hunter3'].map((value) => tunables([daemonSet([{ name: 'FELIX_API_TOKEN', value }])])[path]);
    expect(one).not.toContain('hunter2');
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });
});

describe('lostEdits', () => {
  test('an edit that the target does not have is lost', () => {
    const [lost, ...rest] = lostEdits({ installed: { [MTU]: '0' }, live: { [MTU]: '1400' }, target: { [MTU]: '0' } });
    expect(rest).toEqual([]);
    expect(lost).toEqual({ path: MTU, installed: '0', live: '1400', target: '0', carry: 'set spec.overlays.config.veth_mtu' });
  });

  test.each([
    ['no edit', { [MTU]: '0' }, { [MTU]: '0' }, { [MTU]: '1' }, []],
    ['the target has the live value', { [MTU]: '0' }, { [MTU]: '1400' }, { [MTU]: '1400' }, []],
    ['an overlay decides the path', { [MTU]: '0' }, { [MTU]: '1400' }, { [MTU]: '1450' }, [MTU]],
    ['the target drops the object', { [MTU]: '0' }, { [MTU]: '1400' }, {}, []],
    ['the installed manifest does not have the object', {}, { [MTU]: '1400' }, { [MTU]: '0' }, []],
  ] satisfies [string, Tunables, Tunables, Tunables, string[]][])('nothing is lost when %s', (_why, installed, live, target, decided) => {
    expect(lostEdits({ installed, live, target, decided })).toEqual([]);
  });

  test('added and removed variables are edits, too', () => {
    const added = lostEdits({ installed: NODE, live: { ...NODE, [POOL]: '10.0.0.0/8' }, target: NODE });
    expect(added).toMatchObject([{ path: POOL, live: '10.0.0.0/8', carry: 'set spec.overlays.env.CALICO_IPV4POOL_CIDR' }]);
    const removed = lostEdits({ installed: { ...NODE, [POOL]: 'x' }, live: NODE, target: { ...NODE, [POOL]: 'x' } });
    expect(removed).toMatchObject([{ path: POOL, installed: 'x', carry: 'add a patch of DaemonSet calico-node to spec.overlays.patches' }]);
  });

  test('a moved registry is carried by the registry overlay', () => {
    const [lost] = lostEdits({ installed: NODE, live: { [REGISTRY]: 'mirror.example.com/calico' }, target: { [REGISTRY]: 'quay.io/calico' } });
    expect(lost?.carry).toBe('set spec.overlays.registry');
  });

  test('long values and hidden ones are not printed', () => {
    const path = 'ConfigMap/calico-config/data/cni_network_config';
    const [long] = lostEdits({ installed: { [path]: '{}' }, live: { [path]: 'x'.repeat(500) }, target: { [path]: '{}' } });
    expect(describeLostEdit(long!)).toContain('live (500 characters), installed as "{}"');
    const key = 'ConfigMap/calico-config/data/etcd_key';
    const [secret] = lostEdits({ installed: tunables([config({ etcd_key: 'a' })]), live: tunables([config({ etcd_key: 'b' })]), target: tunables([config({ etcd_key: 'a' })]) });
    expect(secret?.path).toBe(key);
    expect(describeLostEdit(secret!)).toContain('live (hidden)');
  });
});

test('lastApplied reads what kubectl noted, and nothing from a broken note', () => {
  const note = (text: string): KubeObject => ({ ...config({}), metadata: { name: 'calico-config', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': text } } });
  expect(lastApplied(note(JSON.stringify(config({ veth_mtu: '0' }))))).toEqual(config({ veth_mtu: '0' }));
  for (const broken of ['', '{', 'null', '{"kind":"ConfigMap"}', '7']) expect(lastApplied(note(broken))).toBeUndefined();
  expect(lastApplied(config({}))).toBeUndefined();
});

test('the drift file says what overlays decide, also where they repeat the vendor', () => {
  const vendor = [config({ veth_mtu: '0', typha_service_name: 'none' }), daemonSet([])];
  const target = [config({ veth_mtu: '1400', typha_service_name: 'none' }), daemonSet([{ name: 'IP', value: 'x' }], 'mirror/node:v3.32.1')];
  const file = driftFile({ vendor, target, overlays: { config: { typha_service_name: 'none' }, env: { IP: 'x' }, registry: 'mirror' }, workload: WORKLOAD, configMap: 'calico-config' });
  expect(file.decided).toEqual(['ConfigMap/calico-config/data/typha_service_name', MTU, 'DaemonSet/calico-node/containers/calico-node/env/IP', REGISTRY].toSorted());
  expect(driftFileSchema.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
});

describe.skipIf(!hasUpstream)("on upstream's manifests (upstream files)", () => {
  test('an install that nobody edited loses nothing, on any way up', () => {
    for (const [from, to] of [['v3.13.4', 'v3.24.6'], ['v3.13.4', 'v3.32.1'], ['v3.24.6', 'v3.32.1']] as const) {
      const installed = tunables(upstreamObjects(from));
      expect(Object.keys(installed).length).toBeGreaterThan(20);
      expect(lostEdits({ installed, live: installed, target: tunables(upstreamObjects(to)) })).toEqual([]);
    }
  });

  test('canal keeps its settings in canal-config', () => {
    expect(Object.keys(tunables(upstreamObjects('v3.32.1', 'canal.yaml')))).toContain('ConfigMap/canal-config/data/net-conf.json');
  });

  test('each hand edit of calico.yaml v3.13.4 is found', () => {
    const installed = tunables(upstreamObjects('v3.13.4'));
    const live: Tunables = { ...installed, [MTU]: '1400', [POOL]: '10.1.0.0/16', [REGISTRY]: 'mirror.example.com/calico', 'DaemonSet/calico-node/containers/install-cni/env/CNI_CONF_NAME': '05-calico.conflist' };
    const lost = lostEdits({ installed, live, target: tunables(upstreamObjects('v3.32.1')) });
    expect(lost.map(({ path }) => path)).toEqual([MTU, POOL, REGISTRY, 'DaemonSet/calico-node/containers/install-cni/env/CNI_CONF_NAME'].toSorted());
  });
});
