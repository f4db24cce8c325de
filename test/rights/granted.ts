/** The rights that synthesized manifests give to hookwave's accounts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** One verb on one resource. */
export interface Grant {
  /** `namespace/name` of the ServiceAccount. */
  readonly account: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Empty for a ClusterRole. */
  readonly namespace: string;
  /** Names that the right is limited to. @default all */
  readonly names?: readonly string[];
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface RbacObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly name: string; readonly namespace?: string }[];
}

/** Of hookwave's own roles in a folder of manifests: the vendor's are the vendor's business. */
export function grantsIn(folder: string): readonly Grant[] {
  const objects = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/^---$/m))
    .filter((text) => /^ {2}name: hookwave-/m.test(text) && /^kind: .*(Role|RoleBinding)$/m.test(text))
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as RbacObject));
  return objects.flatMap((binding) => grantsOf(binding, objects));
}

function grantsOf({ roleRef, subjects = [], metadata: { namespace = '' } }: RbacObject, objects: readonly RbacObject[]): readonly Grant[] {
  const role = objects.find(({ kind, metadata }) => kind === roleRef?.kind && metadata.name === roleRef.name && (metadata.namespace ?? '') === namespace);
  return subjects.flatMap((subject) => (role?.rules ?? []).flatMap((rule) => expand(rule, `${subject.namespace}/${subject.name}`, namespace)));
}

function expand({ apiGroups, resources, resourceNames, verbs }: Rule, account: string, namespace: string): readonly Grant[] {
  return apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => ({ account, verb, group, resource, namespace, ...(resourceNames && { names: resourceNames }) }))));
}
