import type { Cluster, KubeObject, Resource } from '../../kube/cluster.ts';
import { CONFIG_MAPS, NODES, SELF_SUBJECT_ACCESS_REVIEWS } from '../../kube/resources.ts';
import { RECORD } from './record.ts';
import { GLOBAL_BGP_CONFIGS, GLOBAL_FELIX_CONFIGS, v3Resource, WRITTEN_KINDS } from './resources.ts';

interface Right {
  readonly resource: Resource;
  readonly verb: string;
  readonly name?: string;
  readonly namespace?: string;
}

interface AccessReview extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean };
}

/** What a migration needs. `hookwave snippets rbac --datastore kubernetes` grants it. */
const RIGHTS: readonly Right[] = [
  { resource: CONFIG_MAPS, verb: 'create', namespace: RECORD.namespace },
  { resource: CONFIG_MAPS, verb: 'update', ...RECORD },
  { resource: NODES, verb: 'list' },
  ...[GLOBAL_FELIX_CONFIGS, GLOBAL_BGP_CONFIGS].map((resource) => ({ resource, verb: 'list' })),
  ...WRITTEN_KINDS.flatMap((kind) => ['get', 'list', 'create', 'update', 'delete'].map((verb) => ({ resource: v3Resource(kind), verb }))),
];

/** A sentence that names the rights which are missing; `undefined` when none is. */
export async function missingRights(cluster: Cluster): Promise<string | undefined> {
  const missing: string[] = [];
  await Promise.all(RIGHTS.map(async (right) => ((await isAllowed(cluster, right)) ? undefined : missing.push(textOf(right)))));
  return missing.length === 0 ? undefined : `this account has no right to ${missing.toSorted().join(', ')}; \`hookwave snippets rbac --datastore kubernetes\` prints the roles`;
}

async function isAllowed(cluster: Cluster, { resource: { group, plural }, verb, name, namespace }: Right): Promise<boolean> {
  const resourceAttributes = { group, resource: plural, verb, ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }) };
  const review: AccessReview = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: { name: '' }, spec: { resourceAttributes } };
  return (await cluster.create(SELF_SUBJECT_ACCESS_REVIEWS, review)).status?.allowed === true;
}

function textOf({ resource: { group, plural }, verb, name, namespace }: Right): string {
  return `${verb} ${plural}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
