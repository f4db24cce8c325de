import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { snippets, type SnippetOptions } from '../../../src/cli/snippets.ts';
import { collectingIo } from './recorded.ts';

function printed(more: Partial<SnippetOptions> = {}) {
  const io = collectingIo();
  snippets({ namespace: 'kube-system', daemonset: 'calico-node', configMap: 'calico-config', secret: 'calico-etcd-secrets', image: 'example.com/runner:1', ...more }, io);
  return { text: io.text, objects: parseAllDocuments(io.text, { version: '1.1' }).map((document) => document.toJS()) };
}

test('all four, with current API groups, and rights on Pods', () => {
  const { objects } = printed();
  expect(objects.map(({ kind }) => kind)).toEqual([undefined, undefined, 'Job', 'ServiceAccount', 'Role', 'RoleBinding']);
  expect(objects[4].rules).toEqual([
    { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
  ]);
});

test('the Job runs without Pod network, on any node, and may read the certificates without being root', () => {
  const { text, objects } = printed({ which: 'job', nodeImage: 'quay.io/calico/node:v3.1.7', namespace: 'calico', secret: 'mine' });
  const [{ metadata, spec: { template: { spec } } }] = objects;
  expect(metadata.namespace).toBe('calico');
  expect(spec).toMatchObject({ hostNetwork: true, dnsPolicy: 'Default', tolerations: [{ operator: 'Exists' }], securityContext: { runAsNonRoot: true, fsGroup: 65532 }, volumes: [{ secret: { secretName: 'mine', defaultMode: 0o400 } }] });
  expect(text).toContain('defaultMode: 0400\n');
  expect(spec.containers[0].args).toEqual(['completion-job']);
  expect(spec.containers[0].env).toContainEqual({ name: 'EXPECTED_NODE_IMAGE', value: 'quay.io/calico/node:v3.1.7' });
  expect(spec.containers[0].env).toContainEqual({ name: 'NAMESPACE', value: 'calico' });
});

test('guards are root without any right of root', () => {
  const { objects } = printed({ which: 'node', configMap: 'mine' });
  const [guard] = objects[0].initContainers;
  expect(guard).toMatchObject({ name: 'migrate', image: 'example.com/runner:1', args: ['node-init'], securityContext: { runAsUser: 0, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } });
  expect(guard.env).toContainEqual({ name: 'CALICO_APIV1_ETCD_KEY_FILE', valueFrom: { configMapKeyRef: { name: 'mine', key: 'etcd_key' } } });
});

test('a Kubernetes datastore needs no etcd, no certificates, and rights on its objects', () => {
  const { text, objects } = printed({ datastore: 'kubernetes', nodeImage: 'quay.io/calico/node:v3.1.7' });
  expect(text).not.toMatch(/etcd|calico-secrets/);
  expect(objects[0].initContainers[0].env).toContainEqual({ name: 'CALICO_DATASTORE_TYPE', value: 'kubernetes' });
  const bound = objects.filter(({ kind }) => kind?.endsWith('Binding')).map(({ roleRef, subjects }) => [`${roleRef.kind} ${roleRef.name}`, subjects.map(({ name }: { readonly name: string }) => name)]);
  expect(bound).toEqual([
    ['Role calico-upgrade-job', ['calico-upgrade-job']],
    ['ClusterRole calico-migration', ['calico-node']],
    ['ClusterRole calico-migration-status', ['calico-kube-controllers', 'calico-upgrade-job']],
    ['Role calico-migration-record', ['calico-node', 'calico-upgrade-job']],
    ['Role calico-migration-status', ['calico-kube-controllers']],
  ]);
});
