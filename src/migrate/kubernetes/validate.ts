import { isFailure, type Outcome, type V3Resource } from '../../calico/migration/model.ts';
import type { Cluster } from '../../kube/cluster.ts';
import { isNotFound } from '../../kube/errors.ts';
import { MigrationError, type MigrationOptions, type Validation } from '../contract.ts';
import { requireMigratable } from '../starting.ts';
import { v3Resource, WRITTEN_KINDS } from './resources.ts';
import { madeName, resourceOf } from './store.ts';
import { convertV1, readV1, type V1Data, v1Version } from './v1-data.ts';

/** Version, kinds and conversion; writes nothing. v3 counts as empty, as upstream has it: what exists is overwritten. */
export async function validate(cluster: Cluster, { outcome }: Pick<MigrationOptions, 'outcome'>): Promise<Validation & { readonly sourceVersion: string }> {
  const sourceVersion = requireMigratable(await v1Version(cluster));
  await existingNames(cluster);
  const tally = { converted: 0, failures: 0, skipped: 0 };
  for (const one of convertV1(await readV1(cluster))) {
    if (one.is === 'converted') tally.converted += 1;
    else if (one.is === 'skipped') tally.skipped += 1;
    else tally.failures += 1;
    outcome?.(one);
  }
  return { ...tally, sourceVersion, destinationDirty: false };
}

/** v3 objects of the kinds that are written, as `Kind/name`. @throws MigrationError `config` for a kind that the API server does not know */
export async function existingNames(cluster: Cluster): Promise<ReadonlySet<string>> {
  const lists = await Promise.all(WRITTEN_KINDS.map(async (kind) => {
    const objects = await cluster.list(v3Resource(kind)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      throw new MigrationError('config', `the API server does not know ${v3Resource(kind).plural}.crd.projectcalico.org; apply the CustomResourceDefinitions of the Calico v3 release first`, { cause: error });
    });
    return objects.map(({ metadata: { name } }) => madeName({ kind, metadata: { name } }));
  }));
  return new Set(lists.flat());
}

/** All v3 objects, in the order in which they are written; the last one says that the rest is there. @throws MigrationError `invalid` at the first that can't be converted */
export function convertedResources(v1: V1Data, outcome: ((one: Outcome) => void) | undefined): readonly V3Resource[] {
  const resources: V3Resource[] = [];
  for (const one of convertV1(v1)) {
    if (isFailure(one)) {
      outcome?.(one);
      throw new MigrationError('invalid', `v1 data changed to something that can't be converted: ${'v1' in one ? one.v1 : ''}`);
    }
    if (one.is === 'converted') resources.push(resourceOf(one.object).resource);
  }
  return readyForCalicoNode(resources);
}

/**
 * ClusterInformation comes last and names a version of v3. With v1's, as upstream writes it, calico-node of v3 would migrate once more when it starts (node,
 * `startup.go`, `ensureKDDMigrated`), and fail: it overwrites objects with a uid of its own (libcalico-go since 2018-03), which the API server refuses.
 */
function readyForCalicoNode(resources: readonly V3Resource[]): readonly V3Resource[] {
  const isInformation = ({ kind }: V3Resource): boolean => kind === 'ClusterInformation';
  const named = resources.filter(isInformation).map((one) => ({ ...one, spec: { ...one.spec, calicoVersion: DATA_VERSION } }));
  return [...resources.filter((one) => !isInformation(one)), ...named];
}

/** The first with data of this form; calico-node writes its own when it starts. */
const DATA_VERSION = 'v3.0.0';
