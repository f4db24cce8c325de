import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calicoDatastoreMigrationKind } from '../../../../src/spec/kinds/calico-datastore-migration.ts';
import { sha256 } from '../../../../src/spec/sha256.ts';

const vendor = (release: string): string => readFileSync(join(import.meta.dirname, `../../../../examples/calico-datastore-migration/vendor/calico-${release}.yaml`), 'utf8');

/** @param change applied to the new manifest */
function check(spec: object = {}, change: (text: string) => string = (text) => text): readonly string[] {
  const install = { manifest: 'new.yaml', previous: 'old.yaml' };
  const parsed = calicoDatastoreMigrationKind.schema.parse({ nodeImage: 'quay.io/calico/node:v3.1.7', install, ...spec });
  const texts = { 'new.yaml': change(vendor('v3')), 'old.yaml': vendor('v2') };
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, { path, text, sha256: sha256(text) }]));
  return calicoDatastoreMigrationKind.check({ kind: 'CalicoDatastoreMigration', name: 'x', spec: parsed, files }).map(({ path, message, fix }) => `${path} ${message}: ${fix}`);
}

test('the example is in order', () => {
  expect(check()).toEqual([]);
});

test('a key without a value is taken as kubectl takes it', () => {
  const emptied = (text: string): string => text.replace(/^( +)env:\n(?:\1 *[- ] .*\n)+/m, '$1env:\n');
  expect(emptied(vendor('v3'))).not.toBe(vendor('v3'));
  expect(() => check({}, emptied)).not.toThrow();
});

test.each([
  ['an old API version', (text: string) => text.replace('apps/v1\nkind: DaemonSet', 'extensions/v1beta1\nkind: DaemonSet'), /^spec\.install\.manifest new\.yaml has DaemonSet calico-node with apiVersion extensions\/v1beta1.*write apps\/v1, and spec\.selector/],
  ['an old API version of RBAC', (text: string) => text.replace('rbac.authorization.k8s.io/v1\n', 'rbac.authorization.k8s.io/v1beta1\n'), /v1beta1.*write rbac\.authorization\.k8s\.io\/v1/],
  ['no DaemonSet', (text: string) => text.replace('kind: DaemonSet', 'kind: StatefulSet'), /has no DaemonSet calico-node: name its DaemonSet in install\.daemonset/],
  ['another namespace', (text: string) => text.replaceAll('namespace: kube-system', 'namespace: calico'), /in namespace calico, not kube-system/],
  ['another image', (text: string) => text.replace('node:v3.1.7', 'node:v3.1.6'), /^spec\.nodeImage is .*v3\.1\.7, and new\.yaml has .*v3\.1\.6/],
  ['a tag that is no release', (text: string) => text.replace('node:v3.1.7', 'node:latest'), /whose tag is no release/],
  ['the image that runs now', (text: string) => text.replace('node:v3.1.7', 'node:v2.6.12'), /^spec\.install\.previous old\.yaml has the same image/m],
  ['no container of that name', (text: string) => text.replace('- name: calico-node\n', '- name: node\n'), /has no container calico-node in DaemonSet calico-node/],
  ['the Kubernetes datastore', (text: string) => text.replace(' - name: ETCD_ENDPOINTS\n', ' - {name: DATASTORE_TYPE, value: kubernetes}\n           $&'), /keeps its data in the Kubernetes API .* this kind is for etcd: .*calico-node of v3 converts those data itself.*snippets node --datastore kubernetes/],
  ['no YAML', () => 'a: [', /is no Kubernetes manifest/],
])('a manifest with %s is refused, with a way out', (_what, change, expected) => {
  expect(check({}, change).join('\n')).toMatch(expected);
});

test('what is finished has no way back', () => {
  expect(check({ direction: 'abort', finished: true })).toEqual([expect.stringMatching(/^spec\.finished is true, and direction is abort/)]);
});
