import { at, list, record, words, type JsonObject } from '../manifests/json.ts';
import type { Manifest, Path } from '../manifests/manifest.ts';

/** Where a workload keeps the specification of its Pods. */
export function podSpecPath({ kind, group }: Manifest): Path | undefined {
  if (group === '' && kind === 'Pod') return ['spec'];
  if (group === 'batch' && kind === 'Job') return ['spec', 'template', 'spec'];
  if (group === 'apps' && ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet'].includes(kind)) return ['spec', 'template', 'spec'];
  return undefined;
}

/** Everything that a Pod's containers are told to run, as one text. */
export function commandsOf(manifest: Manifest): string {
  const spec = podSpec(manifest);
  return containers(spec)
    .flatMap(({ container }) => [...list(container['command']), ...list(container['args'])])
    .filter((word) => typeof word === 'string')
    .join(' ');
}

/** An object without which the Pods are not created or do not start. */
export interface PodReference {
  readonly kind: 'ServiceAccount' | 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly path: Path;
}

/** Optional references and the account `default` are left out. */
export function podReferences(manifest: Manifest): readonly PodReference[] {
  const base = podSpecPath(manifest);
  const spec = podSpec(manifest);
  if (!base || !spec) return [];
  const account = words(spec['serviceAccountName']) ?? words(spec['serviceAccount']);
  return [
    ...(account && account !== 'default' ? [{ kind: 'ServiceAccount' as const, name: account, path: [...base, 'serviceAccountName'] }] : []),
    ...mountedVolumes(spec).flatMap(({ volume, path }) => sourceReferences(volume, [...base, ...path])),
    ...containers(spec).flatMap(({ container, path }) => environmentReferences(container, [...base, ...path])),
  ];
}

function podSpec(manifest: Manifest): JsonObject | undefined {
  const path = podSpecPath(manifest);
  return path && record(at(manifest.object, ...path));
}

function containers(spec: JsonObject | undefined): readonly { readonly container: JsonObject; readonly path: Path }[] {
  return ['initContainers', 'containers'].flatMap((key) =>
    list(spec?.[key]).flatMap((one, index) => {
      const container = record(one);
      return container ? [{ container, path: [key, index] }] : [];
    }),
  );
}

/** The kubelet does not look at a volume that no container mounts. */
function mountedVolumes(spec: JsonObject): ReturnType<typeof volumes> {
  const mounted = new Set(containers(spec).flatMap(({ container }) => [...list(container['volumeMounts']), ...list(container['volumeDevices'])].map((mount) => at(mount, 'name'))));
  return volumes(spec).filter(({ name }) => mounted.has(name));
}

function volumes(spec: JsonObject): readonly { readonly name: unknown; readonly volume: JsonObject; readonly path: Path }[] {
  return list(spec['volumes']).flatMap((one, index) => {
    const path = ['volumes', index];
    const name = at(one, 'name');
    const projected = list(at(one, 'projected', 'sources')).map((source, part) => ({ name, volume: record(source) ?? {}, path: [...path, 'projected', 'sources', part] }));
    return [{ name, volume: record(one) ?? {}, path }, ...projected];
  });
}

function sourceReferences(volume: JsonObject, path: Path): readonly PodReference[] {
  return [
    ...reference('ConfigMap', volume['configMap'], 'name', [...path, 'configMap']),
    ...reference('Secret', volume['secret'], 'secretName', [...path, 'secret']),
    ...reference('Secret', volume['secret'], 'name', [...path, 'secret']),
  ];
}

function environmentReferences(container: JsonObject, path: Path): readonly PodReference[] {
  return [
    ...list(container['env']).flatMap((one, index) => [
      ...reference('ConfigMap', at(one, 'valueFrom', 'configMapKeyRef'), 'name', [...path, 'env', index]),
      ...reference('Secret', at(one, 'valueFrom', 'secretKeyRef'), 'name', [...path, 'env', index]),
    ]),
    ...list(container['envFrom']).flatMap((one, index) => [
      ...reference('ConfigMap', at(one, 'configMapRef'), 'name', [...path, 'envFrom', index]),
      ...reference('Secret', at(one, 'secretRef'), 'name', [...path, 'envFrom', index]),
    ]),
  ];
}

function reference(kind: PodReference['kind'], source: unknown, key: string, path: Path): readonly PodReference[] {
  const name = words(at(source, key));
  return name && at(source, 'optional') !== true ? [{ kind, name, path }] : [];
}
