/** What a datastore migration needs to know of a manifest of Calico on etcd. Pure. */
import { readManifestDocument, splitManifest, type ManifestDocument } from '../spec/manifest-text.ts';
import { orderProblemsIn } from '../spec/order-annotations.ts';
import { tagOf } from './images.ts';
import { brokenParts } from './object-shape.ts';
import { parseVersion } from './versions.ts';
import type { DaemonSet, Deployment } from './workloads.ts';

export interface WorkloadNames {
  readonly namespace: string;
  readonly daemonset: string;
  readonly container: string;
  readonly deployment: string;
}

export interface Workloads {
  /** Image of calico-node, with a tag. */
  readonly nodeImage: string;
  readonly nodeTag: string;
  /** Tag of the controllers' first container; absent when it has none. */
  readonly controllersTag?: string;
  readonly controllersContainer: string;
}

export interface ManifestProblem {
  readonly message: string;
  readonly fix: string;
}

export interface FoundWorkloads {
  /** Absent when something is missing. */
  readonly workloads?: Workloads;
  readonly problems: readonly ManifestProblem[];
}

/** Finds DaemonSet and Deployment. Never throws, whatever the text. */
export function findWorkloads(text: string, names: WorkloadNames): FoundWorkloads {
  let documents: readonly ManifestDocument[];
  try {
    documents = splitManifest(text);
  } catch (error) {
    return { problems: [{ message: `is no Kubernetes manifest (${error instanceof Error ? error.message : String(error)})`, fix: 'correct it, and pin it again with `hookwave vendor`' }] };
  }
  const problems = [...documents.flatMap(oldApi), ...orderProblemsIn(documents)];
  const daemonSet = find<DaemonSet>(documents, 'DaemonSet', names.daemonset, names, problems);
  const deployment = find<Deployment>(documents, 'Deployment', names.deployment, names, problems);
  const nodeImage = daemonSet?.spec.template.spec.containers.find(({ name }) => name === names.container)?.image;
  const nodeTag = tagOf(nodeImage);
  if (daemonSet && nodeImage === undefined) problems.push({ message: `has no container ${names.container} in DaemonSet ${names.daemonset}`, fix: 'name its container in install.container' });
  else if (daemonSet && parseVersion(nodeTag ?? '') === undefined) problems.push({ message: `has image ${nodeImage} in DaemonSet ${names.daemonset}, whose tag is no release`, fix: 'give it the tag of a release, such as v3.1.7, so that old and new Pods can be told apart' });
  if (daemonSet && inKubernetes(daemonSet)) problems.push(KUBERNETES);
  const controllers = deployment?.spec.template.spec.containers[0];
  if (problems.length > 0 || nodeImage === undefined || nodeTag === undefined || !controllers) return { problems };
  const controllersTag = tagOf(controllers.image);
  return { workloads: { nodeImage, nodeTag, controllersContainer: controllers.name, ...(controllersTag !== undefined && { controllersTag }) }, problems };
}

function inKubernetes({ spec }: DaemonSet): boolean {
  // A key without a value is null to a parser, and nothing to kubectl.
  return spec.template.spec.containers.some(({ env }) => (env ?? []).some(({ name, value }) => /^(CALICO_)?DATASTORE_TYPE$/.test(name) && value === 'kubernetes'));
}

/** There is no pause, no completion and no etcd there, so nothing of this recipe fits. */
const KUBERNETES: ManifestProblem = {
  message: 'keeps its data in the Kubernetes API (DATASTORE_TYPE is kubernetes), and this kind is for etcd',
  fix: 'apply the manifest without this kind: calico-node of v3 converts those data itself when it starts. `hookwave migrate dry-run` says before what it can not convert, and `hookwave snippets node --datastore kubernetes` prints a guard for it',
};

function find<T>(documents: readonly ManifestDocument[], kind: string, name: string, { namespace }: WorkloadNames, problems: ManifestProblem[]): T | undefined {
  const found = documents.filter((document) => document.kind === kind && document.name === name);
  const [document] = found;
  if (!document || found.length > 1) {
    problems.push({ message: document ? `has ${kind} ${name} ${found.length} times` : `has no ${kind} ${name}`, fix: `name its ${kind} in install.${kind.toLowerCase()}, or correct the manifest` });
    return undefined;
  }
  if (document.namespace !== namespace) problems.push({ message: `has ${kind} ${name} in namespace ${document.namespace ?? '(none)'}, not ${namespace}`, fix: `write \`namespace: ${namespace}\` there, or name the other one in spec.namespace` });
  const broken = brokenParts(document);
  problems.push(...broken);
  return broken.length > 0 ? undefined : (readManifestDocument(document.text) as T);
}

/** Old manifests of Calico have API versions that are gone: extensions/v1beta1 since Kubernetes 1.16, v1beta1 of RBAC since 1.22. */
function oldApi({ apiVersion, kind, name }: ManifestDocument): ManifestProblem[] {
  if (apiVersion.startsWith('extensions/') && !['DaemonSet', 'Deployment'].includes(kind)) return [];
  const wanted = Object.entries(CURRENT).find(([group]) => apiVersion.startsWith(`${group}/`))?.[1];
  if (wanted === undefined || wanted === apiVersion) return [];
  return [{ message: `has ${kind} ${name} with apiVersion ${apiVersion}, which current API servers don't have`, fix: `write ${wanted}${wanted === 'apps/v1' ? ', and spec.selector with the labels of the Pod template' : ''}` }];
}

const CURRENT: Readonly<Record<string, string>> = { extensions: 'apps/v1', apps: 'apps/v1', 'rbac.authorization.k8s.io': 'rbac.authorization.k8s.io/v1' };
