import { expect, test } from 'vitest';
import { leftoversIn } from '../../../src/calico/leftovers.ts';
import type { DaemonSet } from '../../../src/calico/workloads.ts';
import { daemonSet } from './objects.ts';

const container = (name: string) => ({ name, image: `quay.io/calico/${name}:v1` });

function withContainers(init: readonly string[], main: readonly string[], noted?: readonly string[]): DaemonSet {
  const own = daemonSet();
  const template = (some: readonly string[], others: readonly string[]) => ({ ...own, spec: { ...own.spec, template: { spec: { initContainers: some.map(container), containers: others.map(container) } } } });
  const note = noted && { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(template(noted, [])) };
  return { ...template(init, main), metadata: { ...own.metadata, ...(note && { annotations: note }) } };
}

test('what kubectl applied and the target has not is left over, in the lists that have it', () => {
  const { names, lists } = leftoversIn(withContainers(['guard', 'install-cni', 'mount-bpffs'], ['calico-node'], ['install-cni', 'mount-bpffs']), ['guard', 'install-cni', 'calico-node']);
  expect(names).toEqual(['mount-bpffs']);
  expect(lists).toEqual({ initContainers: [container('guard'), container('install-cni')] });
});

test('what kubectl did not apply is somebody\'s own, and a guard is hookwave\'s', () => {
  const own = withContainers(['hookwave-guard', 'install-cni'], ['calico-node', 'sidecar'], ['hookwave-guard', 'install-cni']);
  expect(leftoversIn(own, ['install-cni', 'calico-node'])).toEqual({ names: [], lists: {} });
});

test('without a note of kubectl nothing is left over', () => {
  expect(leftoversIn(withContainers(['old'], ['calico-node']), ['calico-node']).names).toEqual([]);
});
