import { isEtcdError } from '../../etcd/errors.ts';
import type { EtcdV2 } from '../../etcd/v2.ts';
import type { EtcdV3 } from '../../etcd/v3.ts';
import { MigrationError, type MigrationOptions, type Validation } from '../contract.ts';
import { requireMigratable } from '../starting.ts';
import { CALICO_PREFIX, PROBE_KEY } from './keys.ts';
import { validatePass } from './passes.ts';
import { missingRight, readState, type StoredState } from './state.ts';
import { v1Version } from './status.ts';

/** Version, conversion and destination; nothing of Calico's is written. */
export async function validate(v2: EtcdV2, v3: EtcdV3, options: MigrationOptions): Promise<Validation & { readonly sourceVersion: string }> {
  const sourceVersion = requireMigratable(await v1Version(v2));
  const { converted, failures, skipped } = await validatePass(v2, options);
  return { converted, failures, skipped, sourceVersion, destinationDirty: await isDirty(v3, options) };
}

/** Data that no attempt of ours has written. */
async function isDirty(v3: EtcdV3, { ignoreV3Data = false }: MigrationOptions): Promise<boolean> {
  if (ignoreV3Data) return false;
  const state = await knownState(v3);
  const ours = (state.phase === 'started' || state.phase === 'aborted') && state.cleanAtStart === true;
  return !ours && (await v3.hasAny(CALICO_PREFIX));
}

/** Without the right to read it there is none of ours; the probe names the right. */
async function knownState(v3: EtcdV3): Promise<StoredState> {
  try {
    return (await readState(v3)).state;
  } catch (error) {
    if (error instanceof MigrationError && error.reason === 'denied') return { phase: 'none' };
    throw error;
  }
}

/** Whether the etcd user may write the state keys. An own message, ready to be typed, when not. */
export async function probeState(v3: EtcdV3, user: string | undefined): Promise<string | undefined> {
  try {
    await v3.commit({ guards: [{ key: PROBE_KEY, createRevision: '0' }], puts: [{ key: PROBE_KEY, value: '' }] });
    const probe = await v3.get(PROBE_KEY);
    if (probe) await v3.commit({ guards: [{ key: PROBE_KEY, modRevision: probe.modRevision }], removes: [PROBE_KEY] });
    return undefined;
  } catch (error) {
    if (!isEtcdError(error, 'denied')) throw error;
    return missingRight(user);
  }
}
