import { isMap, isSeq, type Document } from 'yaml';
import { withRegistry } from '../calico/images.ts';
import type { Workload } from '../calico/workloads.ts';
import type { CalicoUpgradeSpec } from '../spec/kinds/calico-upgrade.schema.ts';
import { mergePatch, namedEntry, type VendorManifest } from './vendor-manifest.ts';

const POD_SPEC = ['spec', 'template', 'spec'];

/** Carries the user's local edits onto the vendor's objects. */
export function overlayCalico(manifest: VendorManifest, overlays: CalicoUpgradeSpec['overlays'], workload: Workload, configMap: string): void {
  const { config, env, registry, patches } = overlays;
  if (Object.keys(config).length > 0) {
    for (const object of manifest.find('ConfigMap', configMap)) object.edit((document) => mergePatch(document, { data: config }));
  }
  if (Object.keys(env).length > 0) {
    for (const object of manifest.find('DaemonSet', workload.daemonset)) object.edit((document) => setEnv(document, workload.container, env));
  }
  if (registry !== undefined) {
    for (const object of [...manifest.find('DaemonSet'), ...manifest.find('Deployment')]) object.edit((document) => exchangeRegistry(document, registry));
  }
  for (const { kind, name, namespace, merge } of patches) {
    const objects = manifest.find(kind, name).filter(({ document }) => namespace === undefined || document.namespace === namespace);
    for (const object of objects) object.edit((document) => mergePatch(document, merge));
  }
}

function setEnv(document: Document, container: string, env: Readonly<Record<string, string>>): void {
  const entry = namedEntry(document, [...POD_SPEC, 'containers'], container);
  for (const [name, value] of Object.entries(env)) {
    const variables = entry?.get('env');
    const existing = isSeq(variables) ? variables.items.filter(isMap).find((item) => item.get('name') === name) : undefined;
    if (existing) {
      existing.delete('valueFrom');
      existing.set('value', value);
    } else if (isSeq(variables)) {
      variables.add(document.createNode({ name, value }));
    } else {
      entry?.set('env', document.createNode([{ name, value }]));
    }
  }
}

function exchangeRegistry(document: Document, registry: string): void {
  for (const list of ['initContainers', 'containers']) {
    const containers = document.getIn([...POD_SPEC, list], true);
    if (!isSeq(containers)) continue;
    for (const container of containers.items.filter(isMap)) {
      const image = container.get('image');
      if (typeof image === 'string') container.set('image', withRegistry(image, registry));
    }
  }
}
