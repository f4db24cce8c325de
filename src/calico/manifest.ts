import { firstLine } from '../spec/issue-text.ts';
import { parseManifestDocument, readManifestDocument, splitManifest, type ManifestDocument } from '../spec/manifest-text.ts';
import { NOT_SIMPLE, readSimpleYaml } from '../spec/simple-yaml.ts';
import { tagOf } from './images.ts';
import { brokenParts } from './object-shape.ts';
import { isRelease } from './versions.ts';
import type { Container, DaemonSet, Workload } from './workloads.ts';

/** What a manifest install of Calico consists of, as its manifest shows it. */
export interface CalicoManifest {
  readonly documents: readonly ManifestDocument[];
  readonly workload: Workload;
  /** ConfigMap with the settings that people edit: calico-config or canal-config. */
  readonly configMap: string;
  /** Deployments that belong to the release: calico-kube-controllers, and calico-typha where the variant has it. */
  readonly deployments: readonly string[];
  /** ServiceAccount of calico-node's Pods. */
  readonly serviceAccount: string;
}

export interface ManifestProblem {
  readonly message: string;
  readonly fix: string;
}

export const NODE_CONTAINER = 'calico-node';
export const NODE_DAEMON_SETS: readonly string[] = ['calico-node', 'canal'];
const PLACEHOLDER = /<[A-Z][A-Z0-9_]*>/;

/** Reads a vendor's manifest and says everything that shows it is not the Kubernetes-datastore manifest of `release`. */
export function inspectManifest(text: string, release: string): { readonly manifest?: CalicoManifest; readonly problems: readonly ManifestProblem[] } {
  let documents: readonly ManifestDocument[];
  try {
    documents = splitManifest(text);
  } catch (error) {
    return { problems: [{ message: `is no Kubernetes manifest (${error instanceof Error ? error.message : String(error)})`, fix: 'download it again: it may be truncated, or an error page' }] };
  }
  const node = documents.find(({ kind, name }) => kind === 'DaemonSet' && NODE_DAEMON_SETS.includes(name));
  if (!node) return { problems: [withoutNode(documents, release)] };
  const broken = documents.filter(({ kind }) => READ_KINDS.includes(kind)).flatMap(brokenParts);
  if (broken.length > 0) return { problems: broken };
  const daemonSet = readManifestDocument(node.text) as DaemonSet;
  const problems = [
    ...wrongRelease(daemonSet, release),
    ...wrongDatastore(documents, daemonSet),
    ...truncated(documents),
    ...placeholders(documents),
  ];
  if (problems.length > 0) return { problems };
  return { problems, manifest: describe(documents, node, daemonSet) };
}

function describe(documents: readonly ManifestDocument[], node: ManifestDocument, daemonSet: DaemonSet): CalicoManifest {
  return {
    documents,
    workload: { namespace: node.namespace ?? 'default', daemonset: node.name, container: NODE_CONTAINER },
    configMap: node.name === 'canal' ? 'canal-config' : 'calico-config',
    deployments: documents.filter(({ kind }) => kind === 'Deployment').map(({ name }) => name),
    serviceAccount: (daemonSet.spec.template.spec as { serviceAccountName?: string }).serviceAccountName ?? 'default',
  };
}

/** What synthesis looks into; everything else is carried as it is. */
const READ_KINDS = ['ConfigMap', 'DaemonSet', 'Deployment', 'CustomResourceDefinition'];

function withoutNode(documents: readonly ManifestDocument[], release: string): ManifestProblem {
  const names = documents.map(({ kind, name }) => `${kind} ${name}`);
  if (names.includes('Deployment tigera-operator')) {
    return { message: 'is the manifest of the operator', fix: `vendor calico.yaml of ${release}; install type operator is not supported yet` };
  }
  if (names.includes('DaemonSet canal-node')) {
    return { message: 'is the etcd variant of canal', fix: `vendor canal.yaml of ${release}; datastore etcd is not supported yet` };
  }
  return {
    message: `has no DaemonSet calico-node or canal among its ${documents.length} objects`,
    fix: `vendor calico.yaml of ${release}, or the variant that your cluster was installed with`,
  };
}

function nodeContainer(daemonSet: DaemonSet): Container | undefined {
  return daemonSet.spec?.template?.spec?.containers?.find(({ name }) => name === NODE_CONTAINER);
}

function wrongRelease(daemonSet: DaemonSet, release: string): readonly ManifestProblem[] {
  const container = nodeContainer(daemonSet);
  if (!container) return [{ message: `has no container ${NODE_CONTAINER} in its DaemonSet`, fix: 'download it again: it may be truncated' }];
  const tag = tagOf(container.image);
  if (isRelease(tag, release)) return [];
  return [{ message: `installs ${container.image ?? 'no image'}, not ${release}`, fix: `vendor the manifest of ${release}, or correct the release in the spec` }];
}

function wrongDatastore(documents: readonly ManifestDocument[], daemonSet: DaemonSet): readonly ManifestProblem[] {
  const datastore = nodeContainer(daemonSet)?.env?.find(({ name }) => name === 'DATASTORE_TYPE')?.value;
  const etcd = documents.some(({ kind, text }) => kind === 'ConfigMap' && /^ {2}etcd_endpoints:/m.test(text));
  if (datastore === 'kubernetes' && !etcd) return [];
  return [{ message: 'is the variant for an etcd datastore', fix: 'vendor the variant for the Kubernetes datastore: calico.yaml, not calico-etcd.yaml' }];
}

/** Upstream's manifests end with calico-kube-controllers and begin with the CRDs; a cut leaves out one of them. */
function truncated(documents: readonly ManifestDocument[]): readonly ManifestProblem[] {
  const missing = [
    documents.some(({ kind, name }) => kind === 'Deployment' && name === 'calico-kube-controllers') ? '' : 'Deployment calico-kube-controllers',
    documents.some(({ kind }) => kind === 'CustomResourceDefinition') ? '' : 'every CustomResourceDefinition',
  ].filter(Boolean);
  const broken = documents.slice(-1).filter(({ text }) => readSimpleYaml(text) === NOT_SIMPLE).flatMap(({ text, line }) => parseManifestDocument(text).errors.map((error) => `line ${line + (error.linePos?.[0].line ?? 1) - 1}: ${firstLine(error.message)}`));
  if (missing.length + broken.length === 0) return [];
  return [{ message: `looks truncated: ${[...missing.map((name) => `${name} is missing`), ...broken].join('; ')}`, fix: 'download it again and compare its size with the original' }];
}

function placeholders(documents: readonly ManifestDocument[]): readonly ManifestProblem[] {
  return documents
    .filter(({ kind }) => kind === 'ConfigMap' || kind === 'DaemonSet' || kind === 'Deployment' || kind === 'Secret')
    .flatMap(({ kind, name, text }) => {
      const found = text.split('\n').map((line) => (/^\s*#/.test(line) ? null : PLACEHOLDER.exec(line))).find(Boolean);
      return found ? [{ message: `still holds the placeholder ${found[0]} in ${kind} ${name}`, fix: 'fill it in and pin the file again' }] : [];
    });
}
