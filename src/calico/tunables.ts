/** What people edit in a Calico manifest, as flat paths that can be compared. Pure. */
import { createHash } from 'node:crypto';
import type { KubeObject } from '../kube/cluster.ts';
import { registryPrefixOf } from './images.ts';
import type { Container, EnvVar, PodTemplate } from './workloads.ts';

/**
 * Path to value: `ConfigMap/calico-config/data/veth_mtu`, `DaemonSet/calico-node/containers/install-cni/env/CNI_MTU`,
 * `DaemonSet/calico-node/containers/calico-node/registry`. Init containers count as containers.
 * Values under a secret-like name are kept as a short hash.
 */
export type Tunables = Readonly<Record<string, string>>;

interface ConfigMapLike extends KubeObject {
  readonly data?: Readonly<Record<string, unknown>>;
}

interface WorkloadLike extends KubeObject {
  readonly spec?: { readonly template?: PodTemplate };
}

const CONFIG_MAPS = new Set(['calico-config', 'canal-config']);
const WORKLOADS = new Set(['DaemonSet/calico-node', 'DaemonSet/canal', 'DaemonSet/canal-node', 'Deployment/calico-typha', 'Deployment/calico-kube-controllers']);

/** Objects that hold no tunables are passed over. */
export function tunables(objects: readonly KubeObject[]): Tunables {
  return Object.fromEntries(objects.flatMap(entriesOf).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether `tunables` reads anything from this object. */
function hasTunables({ kind, metadata }: KubeObject): boolean {
  return kind === 'ConfigMap' ? CONFIG_MAPS.has(metadata.name) : WORKLOADS.has(`${kind}/${metadata.name}`);
}

type Entry = readonly [path: string, value: string];

function entriesOf(object: KubeObject): readonly Entry[] {
  if (!hasTunables(object)) return [];
  const base = `${object.kind}/${object.metadata.name}`;
  if (object.kind === 'ConfigMap') return configEntries(base, object as ConfigMapLike);
  const { containers = [], initContainers = [] } = (object as WorkloadLike).spec?.template?.spec ?? {};
  return [...initContainers, ...containers].flatMap((container) => containerEntries(`${base}/containers/${container.name}`, container));
}

function configEntries(base: string, { data }: ConfigMapLike): readonly Entry[] {
  return Object.entries(data ?? {}).map(([key, value]) => [`${base}/data/${key}`, shown(key, String(value))]);
}

function containerEntries(base: string, { image, env }: Container): readonly Entry[] {
  return [
    [`${base}/registry`, canonicalRegistry(registryPrefixOf(image))],
    ...(env ?? []).map((variable): Entry => [`${base}/env/${variable.name}`, shown(variable.name, valueOf(variable))]),
  ];
}

/** The runtimes' default registry, written or not. */
function canonicalRegistry(prefix: string): string {
  return prefix.replace(/^(?:index\.)?docker\.io\//, '');
}

function valueOf({ value, valueFrom }: EnvVar): string {
  return valueFrom === undefined || valueFrom === null ? String(value ?? '') : canonical(valueFrom);
}

/** JSON with sorted keys, without what the API server fills in (core/v1 defaults of field and resource references). */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if ((key === 'apiVersion' && part === 'v1') || (key === 'divisor' && (part === '0' || part === 0))) return undefined;
    return typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part;
  });
}

const SECRET_LIKE = /PASSWORD|PASSWD|TOKEN|SECRET|KEY/i;
const HIDDEN = 'hidden:';

function shown(name: string, value: string): string {
  if (!SECRET_LIKE.test(name)) return value;
  return `${HIDDEN}${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
}

/** Whether the value was replaced by a hash. */
export function isHidden(value: string): boolean {
  return value.startsWith(HIDDEN);
}
