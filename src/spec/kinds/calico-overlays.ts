import { NODE_CONTAINER, NODE_DAEMON_SETS } from '../../calico/manifest.ts';
import { shapeProblems, type ShapeProblem } from '../../calico/object-shape.ts';
import type { SpecKind } from '../kind.ts';
import { readManifestDocument, splitManifest, type ManifestDocument } from '../manifest-text.ts';
import { mergeJson } from '../merge-json.ts';
import { mayOrder, orderKeys, orderProblems } from '../order-annotations.ts';
import type { CalicoUpgradeSpec } from './calico-upgrade.schema.ts';

type Finding = ReturnType<SpecKind['check']>[number];
type Overlays = CalicoUpgradeSpec['overlays'];
type Patch = Overlays['patches'][number];

/** What the overlays would make of a manifest that is right in itself. */
export function checkOverlays({ config, env, patches }: Overlays, manifest: string, configMap: string): readonly Finding[] {
  const documents = splitManifest(manifest);
  return [
    ...Object.keys(config).flatMap((key) => checkConfigKey(key, documents, configMap)),
    ...Object.keys(env).filter((name) => !/^[\x20-\x3c\x3e-\x7e]+$/.test(name)).map((name) => ({ path: `spec.overlays.env.${name}`, message: 'is no name of an environment variable', fix: 'use letters, digits and underscores' })),
    ...patches.flatMap((patch, index) => checkPatch(patch, documents).map(({ path, ...rest }) => ({ path: `spec.overlays.patches.${index}${path}`, ...rest }))),
    ...documents.flatMap((document) => checkPatched(document, patches)),
  ];
}

function checkConfigKey(key: string, documents: readonly ManifestDocument[], configMap: string): readonly Finding[] {
  const path = `spec.overlays.config.${key}`;
  if (!documents.some(({ kind, name }) => kind === 'ConfigMap' && name === configMap)) return [{ path, message: `is for ConfigMap ${configMap}, which the manifest does not have`, fix: 'remove it, or name the place that the manifest has for it in overlays.env or overlays.patches' }];
  return /^[-._a-zA-Z0-9]{1,253}$/.test(key) ? [] : [{ path, message: 'is no key of a ConfigMap', fix: "use letters, digits, '-', '_' and '.'" }];
}

function checkPatch(patch: Patch, documents: readonly ManifestDocument[]): readonly Finding[] {
  const matches = documents.filter((document) => selects(patch, document));
  const selected = matches.length === 1 ? [] : [{ path: '', message: `selects ${matches.length} objects of the manifest`, fix: 'name the kind and the name of one object of the manifest' }];
  return [...selected, ...checkMerge(patch.merge).map((finding) => ({ ...finding, path: `.merge.${finding.path}` }))];
}

function selects({ kind, name, namespace }: Patch, document: ManifestDocument): boolean {
  return document.kind === kind && document.name === name && (namespace === undefined || document.namespace === namespace);
}

/** What is what, and when it is applied, is not for an overlay to change: guard, order and watch go by it. */
function checkMerge({ apiVersion, kind, metadata }: Readonly<Record<string, unknown>>): readonly Finding[] {
  const { name, namespace, annotations } = (typeof metadata === 'object' && metadata !== null ? metadata : {}) as Readonly<Record<string, unknown>>;
  const identity = Object.entries({ apiVersion, kind, 'metadata.name': name, 'metadata.namespace': namespace }).filter(([, value]) => value !== undefined);
  return [
    ...(metadata === null ? [{ path: 'metadata', message: 'would take the identity of the object away', fix: 'name the single fields that change' }] : []),
    ...identity.map(([path]) => ({ path, message: 'would make another object of it', fix: 'remove it; a patch changes an object and leaves it what it is' })),
    ...orderKeys(annotations).map((key) => ({ path: 'metadata.annotations', message: `sets ${key}, and the order of the upgrade is hookwave's work`, fix: 'remove it' })),
  ];
}

/** The object as it will be: still one that Kubernetes takes, and without an order of its own. */
function checkPatched(document: ManifestDocument, patches: readonly Patch[]): readonly Finding[] {
  const own = patches.flatMap((patch, index) => (selects(patch, document) ? [{ merge: patch.merge, index }] : []));
  if (own.length === 0 && !mayOrder(document.text)) return [];
  const object = own.reduce<unknown>((target, { merge }) => mergeJson(target, merge), readManifestDocument(document.text));
  const what = `${document.kind} ${document.name}`;
  const shape = own.length === 0 ? [] : [...shapeProblems(document.kind, object), ...nodeProblems(document, object)];
  return [
    ...shape.map(({ path, message }) => ({ path: `spec.overlays.patches.${own.findLast(({ merge }) => reaches(merge, path))?.index ?? own[0]?.index ?? 0}.merge`, message: `leaves ${path.join('.')} of ${what} broken: it ${message}`, fix: 'write the whole value that belongs there; a list in a merge patch replaces the whole list' })),
    ...orderFindings(document, object),
  ];
}

/** The steps look at this container, and it asks the Kubernetes API. */
function nodeProblems({ kind, name }: ManifestDocument, object: unknown): readonly ShapeProblem[] {
  if (kind !== 'DaemonSet' || !NODE_DAEMON_SETS.includes(name) || shapeProblems(kind, object).length > 0) return [];
  const { containers, automountServiceAccountToken } = (object as { readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly name: string }[]; readonly automountServiceAccountToken?: unknown } } } }).spec.template.spec;
  const path = ['spec', 'template', 'spec'];
  return [
    ...(containers.some((one) => one.name === NODE_CONTAINER) ? [] : [{ path: [...path, 'containers'], message: `has no container ${NODE_CONTAINER}` }]),
    ...(automountServiceAccountToken === false ? [{ path: [...path, 'automountServiceAccountToken'], message: 'gives calico-node no token for the Kubernetes API' }] : []),
  ];
}

function orderFindings(document: ManifestDocument, object: unknown): readonly Finding[] {
  const { kind, name } = document;
  const removal = (key: string): string => `take it away with spec.overlays.patches: [{kind: ${kind}, name: ${name}, merge: {metadata: {annotations: {"${key}": null}}}}]`;
  return orderProblems(document, object, removal).map((problem) => ({ path: 'spec.install.manifest', ...problem }));
}

/** Whether a patch changes something on a path, or below or above it. */
function reaches(merge: unknown, [key, ...rest]: readonly (string | number)[]): boolean {
  if (typeof merge !== 'object' || merge === null || key === undefined || Array.isArray(merge)) return true;
  return Object.hasOwn(merge, key) && reaches((merge as Readonly<Record<string, unknown>>)[key], rest);
}
