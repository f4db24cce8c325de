import { expect, test } from 'vitest';
import { convertKubernetes, peerAddress, peerAnnotation, type SettingResource } from '../../../../src/calico/migration/kdd.ts';
import { formatIp, parseIp } from '../../../../src/calico/migration/net.ts';
import { customResource } from '../../../../src/calico/migration/storage.ts';

const setting = (name: string, value: string): SettingResource => ({ spec: { name, value } });
const STAMP = { uid: 'u', creationTimestamp: 't' };

test('settings and per-node peers become custom resources; the datastore is ready at once', () => {
  const outcomes = [
    ...convertKubernetes({
      felix: [setting('LogSeverityScreen', 'error'), setting('ClusterType', 'KDD'), setting('CalicoVersion', 'v2.6.12')],
      bgp: [setting('AsNumber', '64512'), setting('NodeMeshEnabled', 'False'), setting('LogLevel', '')],
      nodes: [
        { metadata: { name: 'node-1', annotations: { 'peer.bgp.projectcalico.org/1-2-3-4': '{"ip": "1.2.3.4", "as_num": "64513"}', other: 'x' } } },
        { metadata: { name: 'node-2' } },
      ],
    }),
  ];
  expect(outcomes.map((one) => (one.is === 'converted' && one.object.is === 'resource' ? customResource(one.object, STAMP) : one))).toMatchObject([
    { apiVersion: 'crd.projectcalico.org/v1', kind: 'FelixConfiguration', metadata: { name: 'default', annotations: { 'projectcalico.org/metadata': '{"uid":"u","creationTimestamp":"t"}' } }, spec: { logSeverityScreen: 'Error' } },
    { kind: 'ClusterInformation', metadata: { name: 'default' }, spec: { clusterType: 'KDD', calicoVersion: 'v2.6.12', datastoreReady: true } },
    { kind: 'BGPConfiguration', metadata: { name: 'default' }, spec: { asNumber: 64512, nodeToNodeMeshEnabled: false } },
    { kind: 'BGPPeer', metadata: { name: 'node-1.1-2-3-4' }, spec: { node: 'node-1', peerIP: '1.2.3.4', asNumber: 64513 } },
  ]);
  expect(outcomes.at(-1)).toMatchObject({ v1: 'BGPPeer(node=node-1, ip=1.2.3.4)', v3: 'BGPPeer(node-1.1-2-3-4)' });
});

test('nothing to convert is no error', () => {
  expect([...convertKubernetes({ felix: [], bgp: [], nodes: [{ metadata: { name: 'n' } }] })]).toEqual([]);
});

test('peers that cannot be read are conversion errors', () => {
  const annotations = { 'peer.bgp.projectcalico.org/nowhere': '{}', 'peer.bgp.projectcalico.org/1-2-3-4': '{' };
  expect([...convertKubernetes({ felix: [], bgp: [], nodes: [{ metadata: { name: 'n', annotations } }] })]).toMatchObject([
    { is: 'conversion error', v1: 'BGPPeer(node=n, annotation=peer.bgp.projectcalico.org/nowhere)' },
    { is: 'conversion error', v1: 'BGPPeer(node=n, ip=1.2.3.4)' },
  ]);
});

test.each([
  ['1.2.3.4', '1-2-3-4'],
  ['abcd:2000::30:40', 'abcd-2000-0000-0000-0000-0000-0030-0040'],
])('the annotation of %s ends in %s and is read back', (ip, name) => {
  const annotation = peerAnnotation(parseIp(ip)!);
  expect(annotation).toBe(`peer.bgp.projectcalico.org/${name}`);
  expect(formatIp(peerAddress(annotation)!)).toBe(ip);
});

test.each([
  ['abcd-2000--30-40', 'abcd:2000::30:40'],
  ['--1', '::1'],
])('the short form %s is read too', (name, ip) => {
  expect(formatIp(peerAddress(`peer.bgp.projectcalico.org/${name}`)!)).toBe(ip);
});
