import { isDeepStrictEqual } from 'node:util';
import type { V3Kind, V3Object, V3Resource } from '../../calico/migration/model.ts';
import { customResource } from '../../calico/migration/storage.ts';
import type { Cluster, KubeObject } from '../../kube/cluster.ts';
import { ApiError, isAlreadyExists, isConflict } from '../../kube/errors.ts';
import { MigrationError } from '../contract.ts';
import { newStamp } from '../stamp.ts';
import type { Ownership } from './owner.ts';
import { v3Resource } from './resources.ts';

export interface Stored extends KubeObject {
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface Store {
  /** Creates it, or makes what exists the same but for its stamp, so a repeated run changes nothing. */
  put(object: V3Object): Promise<void>;
  /** @param made `Kind/name` */
  remove(made: string): Promise<void>;
}

/** A v3 node may write the same object while it starts. */
const CONFLICT_TRIES = 5;

/** @param notice told what a user should know: content that is overwritten, fields that the CRD does not keep */
export function openStore(cluster: Cluster, owner: Ownership, notice: (text: string) => void): Store {
  return {
    async put(object) {
      const { resource } = resourceOf(object);
      const wanted = customResource({ is: 'resource', resource }, newStamp()) as Stored;
      for (let attempt = 0; attempt < CONFLICT_TRIES; attempt++) {
        owner.check();
        const written = await putOnce(cluster, wanted, notice);
        if (written) return noticeLost(wanted, written, notice);
      }
      throw new MigrationError('transient', `somebody else keeps changing ${textOf(wanted)}; stop v3 components, then run it again`);
    },
    async remove(made) {
      owner.check();
      const [kind = '', name = ''] = made.split('/');
      const found = await cluster.get(v3Resource(kind as V3Kind), name);
      if (found) await cluster.delete(v3Resource(kind as V3Kind), found);
    },
  };
}

/** `Kind/name`, as in the record. */
export function madeName({ kind, metadata: { name } }: Pick<V3Resource, 'kind' | 'metadata'>): string {
  return `${kind}/${name}`;
}

export function resourceOf(object: V3Object): Extract<V3Object, { is: 'resource' }> {
  if (object.is !== 'resource') throw new TypeError('a Kubernetes datastore of v1 holds no IPAM data');
  return object;
}

/** `undefined` when somebody was faster. */
async function putOnce(cluster: Cluster, wanted: Stored, notice: (text: string) => void): Promise<Stored | undefined> {
  const resource = v3Resource(wanted.kind as V3Kind);
  const found = await cluster.get<Stored>(resource, wanted.metadata.name);
  if (found && isSame(found, wanted)) return found;
  try {
    if (!found) return await cluster.create(resource, wanted);
    notice(`Overwriting ${textOf(wanted)}, which holds something else`);
    const { labels, annotations } = wanted.metadata;
    return await cluster.replace(resource, { ...found, metadata: { ...found.metadata, ...(labels && { labels }), annotations: { ...found.metadata.annotations, ...annotations } }, ...(wanted.spec && { spec: wanted.spec }) });
  } catch (error) {
    if (isConflict(error) || isAlreadyExists(error)) return undefined;
    if (error instanceof ApiError && error.status === 422) throw new MigrationError('invalid', `the API server refuses ${textOf(wanted)}: ${error.message}`, { cause: error });
    throw error;
  }
}

function isSame(found: Stored, wanted: Stored): boolean {
  const isPart = (part: Readonly<Record<string, string>> | undefined, whole: Readonly<Record<string, string>> = {}): boolean =>
    Object.entries(part ?? {}).every(([key, value]) => key === 'projectcalico.org/metadata' || whole[key] === value);
  return isDeepStrictEqual(found.spec, wanted.spec) && isPart(wanted.metadata.labels, found.metadata.labels) && isPart(wanted.metadata.annotations, found.metadata.annotations);
}

/** A CRD with a schema drops what it does not know without a word. */
function noticeLost(wanted: Stored, { spec: kept = {} }: Stored, notice: (text: string) => void): void {
  const lost = Object.keys(wanted.spec ?? {}).filter((field) => !isDeepStrictEqual(kept[field], wanted.spec?.[field]));
  if (lost.length > 0) notice(`The CustomResourceDefinition of ${wanted.kind} does not know ${lost.join(', ')}: not kept in ${textOf(wanted)}`);
}

function textOf({ kind, metadata: { name } }: KubeObject): string {
  return `${kind}(${name})`;
}
