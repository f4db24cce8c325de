/**
 * How Calico keeps its objects in crd.projectcalico.org/v1, by version of the cluster
 * (libcalico-go/lib/backend/k8s/resources/resources.go of v3.13, v3.27.5, v3.28.5, v3.30.7, v3.32). Objects of projectcalico.org/v3 are kept as they are.
 */
import type { KubeObject } from '../kube/cluster.ts';
import type { GlobalPolicy, HostEndpoint, PolicySpec, Tier } from './model.ts';
import { V1_GROUP, V3_GROUP, type CalicoGroup } from './resources.ts';
import { compareVersions } from './versions.ts';

export interface StorageRules {
  /** `native`: labels and annotations are those of the object. `merged`: those in the annotation come on top. From v3.28 on. */
  readonly labels: 'native' | 'merged';
  /** Before the name of a policy in the default tier; none from v3.32 on. */
  readonly policyPrefix: '' | 'default.';
  /** Whether a policy carries its v3 name in the annotation, too. From v3.29 on. */
  readonly namesInAnnotation: boolean;
}

/** @param version of the cluster. @default the newest rules, which read what older ones have written, too */
export function storageRules(version?: string): StorageRules {
  const isFrom = (release: string): boolean => version === undefined || compareVersions(version, release) >= 0;
  return {
    labels: isFrom('v3.28.0') ? 'merged' : 'native',
    policyPrefix: isFrom('v3.32.0') ? '' : 'default.',
    namesInAnnotation: isFrom('v3.29.0'),
  };
}

type WithSpec<S> = KubeObject & { readonly spec?: S };
type Text = Readonly<Record<string, string>>;

export function readHostEndpoint(stored: WithSpec<HostEndpoint['spec']>, rules: StorageRules): HostEndpoint {
  return { name: stored.metadata.name, labels: readText(stored, 'labels', rules), spec: stored.spec ?? {}, stored };
}

export function readPolicy(stored: WithSpec<PolicySpec>, rules: StorageRules): GlobalPolicy {
  const spec = stored.spec ?? {};
  const { [METADATA]: _hidden, ...annotations } = readText(stored, 'annotations', rules);
  return { name: policyNameOf(stored, spec, rules), annotations, spec, stored };
}

export function readTier({ metadata: { name }, spec }: WithSpec<Omit<Tier, 'name'>>): Tier {
  return { ...spec, name };
}

/** The object to create for a policy of the default tier. */
export function newPolicy(name: string, annotations: Text, spec: PolicySpec, group: CalicoGroup, rules: StorageRules): WithSpec<PolicySpec> {
  if (group === 'v3') return { apiVersion: `${V3_GROUP}/v3`, kind: 'GlobalNetworkPolicy', metadata: { name, annotations }, spec };
  // Without this annotation Calico takes the stored name, prefix included, for the policy's own.
  const hidden = { ...(rules.namesInAnnotation && { name }), creationTimestamp: null, ...(rules.labels === 'merged' && { annotations }) };
  const kept = { [METADATA]: JSON.stringify(hidden), ...(rules.labels === 'native' && annotations) };
  return { apiVersion: `${V1_GROUP}/v1`, kind: 'GlobalNetworkPolicy', metadata: { name: rules.policyPrefix + name, annotations: kept }, spec };
}

/** Merge patch that sets a label: a native label counts in every version. */
export function labelPatch(key: string, value: string): object {
  return { metadata: { labels: { [key]: value } } };
}

/**
 * Merge patch that takes a label away wherever Calico may read it from: of the object and, where a newer calicoctl has moved it there, of the annotation,
 * whose other contents stay.
 */
export function unlabelPatch(stored: KubeObject, key: string): object {
  const { labels = {} } = stored.metadata;
  const annotation = annotationWithout(stored, key);
  return {
    metadata: {
      ...(Object.hasOwn(labels, key) && { labels: { [key]: null } }),
      ...(annotation !== undefined && { annotations: { [METADATA]: annotation } }),
    },
  };
}

/** Whether the object carries the label in any place that some version reads. */
export function hasLabelAnywhere(stored: KubeObject, key: string): boolean {
  return Object.hasOwn(stored.metadata.labels ?? {}, key) || annotationWithout(stored, key) !== undefined;
}

const METADATA = 'projectcalico.org/metadata';

interface Hidden {
  readonly name?: string;
  readonly labels?: Text | null;
  readonly annotations?: Text | null;
}

/** What Calico keeps in its annotation; empty when there is none. An unreadable one makes Calico ignore the object; then the native metadata is all there is. */
function hiddenMetadata({ metadata }: KubeObject): Hidden {
  const text = metadata.annotations?.[METADATA];
  if (text === undefined) return {};
  try {
    const hidden: unknown = JSON.parse(text);
    return typeof hidden === 'object' && hidden !== null ? hidden : {};
  } catch {
    return {};
  }
}

function isV1({ apiVersion }: KubeObject): boolean {
  return apiVersion.startsWith(`${V1_GROUP}/`);
}

function readText(stored: KubeObject, field: 'labels' | 'annotations', rules: StorageRules): Text {
  const native = stored.metadata[field] ?? {};
  return isV1(stored) && rules.labels === 'merged' ? { ...native, ...hiddenMetadata(stored)[field] } : native;
}

/** Before v3.29 the prefix was no part of any name; since then it is, unless Calico has noted another name. */
function policyNameOf(stored: KubeObject, { tier }: PolicySpec, rules: StorageRules): string {
  const { name } = stored.metadata;
  if (!isV1(stored)) return name;
  const noted = rules.namesInAnnotation ? hiddenMetadata(stored).name : undefined;
  return noted || (tier && tier !== 'default' ? name : name.replace(/^default\./, ''));
}

function annotationWithout(stored: KubeObject, key: string): string | undefined {
  const hidden = isV1(stored) ? hiddenMetadata(stored) : {};
  if (!hidden.labels || !Object.hasOwn(hidden.labels, key)) return undefined;
  const { [key]: _gone, ...labels } = hidden.labels;
  const { labels: _all, ...rest } = hidden;
  return JSON.stringify(Object.keys(labels).length > 0 ? { ...hidden, labels } : rest);
}
