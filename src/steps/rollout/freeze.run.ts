import { FROZEN_ANNOTATION } from '../../calico/preflight.ts';
import type { DaemonSet, Workload } from '../../calico/workloads.ts';
import { FIELD_MANAGER } from '../../kube/cluster.ts';
import { isConflict } from '../../kube/errors.ts';
import { DAEMON_SETS } from '../../kube/resources.ts';
import { freezeRun } from '../../plan/record.ts';
import type { StepContext } from '../step.ts';

/**
 * Stops a rollout: strategy OnDelete, so that no further Pod is replaced and Argo CD reports the DaemonSet healthy.
 * The record comes first: a kill in between leaves a run that says frozen, and the next Pod finishes the freeze. A run that is done stays so: the guard
 * lets Pods start by it, and whatever rolls after it is of the same release.
 * @returns false when another plan has taken the upgrade over; then nothing is touched.
 * @throws Error when the DaemonSet does not stay frozen, ApiError or ApiUnavailable as the cluster gives them
 */
export function freezeRollout(context: StepContext, workload: Workload, reason: string): Promise<boolean> {
  return context.lock.hold(async (held) => {
    const daemonSet = await readDaemonSet(context, workload);
    if (!(await recordFreeze(context, workload, daemonSet?.spec.updateStrategy, reason))) return false;
    await stopRollout(context, workload, held);
    return true;
  });
}

async function recordFreeze({ record, identity, clock }: StepContext, { namespace, daemonset }: Workload, strategy: unknown, reason: string): Promise<boolean> {
  const freeze = { reason, at: new Date(clock.now()).toISOString(), workload: `${namespace}/${daemonset}`, strategy: strategy ?? null };
  const { run } = await record.update((current) => {
    const isOurs = current.run?.plan === identity.plan && current.run.state === 'running';
    return isOurs ? freezeRun(current, freeze) : current;
  });
  return run?.plan === identity.plan;
}

/** What to do after a freeze; a run that is done is not frozen with it, so nothing has to be approved. @param orElse another way out of a run that is frozen */
export async function afterFreeze({ record, identity }: StepContext, orElse = ''): Promise<string> {
  const { run } = (await record.read()).record;
  const again = run?.state === 'frozen' ? `run \`hookwave approve ${identity.upgrade} --retry\`${orElse}` : 'sync again';
  return `commit a corrected spec, or mend the cause and ${again}`;
}

const ATTEMPTS = 10;

/** The strategy first; then the fields are nobody's, so that a server-side apply (Helm 4, Argo CD, kubectl) sets it back without a conflict. */
async function stopRollout(context: StepContext, workload: Workload, held: AbortSignal): Promise<void> {
  await patchUntilDone(context, workload, held, (daemonSet) => {
    if (isOnDelete(daemonSet)) return undefined;
    return { metadata: { annotations: { [FROZEN_ANNOTATION]: context.identity.plan } }, spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } };
  });
  await patchUntilDone(context, workload, held, ({ metadata }) => {
    const others = metadata.managedFields?.filter(({ manager }) => manager !== FIELD_MANAGER);
    return others?.length === metadata.managedFields?.length ? undefined : { metadata: { managedFields: others } };
  });
  const frozen = await readDaemonSet(context, workload);
  if (frozen && !isOnDelete(frozen)) throw new Error(`DaemonSet ${workload.namespace}/${workload.daemonset} was frozen, but somebody has set its update strategy back; find out who writes to it`);
}

/** The DaemonSet's status moves while its Pods do, so conflicts are part of it. */
async function patchUntilDone(context: StepContext, workload: Workload, held: AbortSignal, patchFor: (daemonSet: DaemonSet) => object | undefined): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    held.throwIfAborted();
    const daemonSet = await readDaemonSet(context, workload);
    const patch = daemonSet && patchFor(daemonSet);
    if (!daemonSet || !patch) return;
    try {
      await context.cluster.mergePatch(DAEMON_SETS, daemonSet, patch);
      return;
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Takes the mark off a DaemonSet that an apply has set going again. Its status moves at the end of a rollout, so conflicts are part of it.
 * @returns whether there was one
 */
export async function unmarkFreeze({ lock, cluster }: StepContext, workload: Workload, seen: DaemonSet): Promise<boolean> {
  if (!isMarked(seen) || isOnDelete(seen)) return false;
  await lock.hold(async () => {
    for (let attempt = 1; ; attempt++) {
      const daemonSet = await cluster.get<DaemonSet>(DAEMON_SETS, workload.daemonset, workload.namespace);
      if (!daemonSet || !isMarked(daemonSet) || isOnDelete(daemonSet)) return;
      try {
        await cluster.mergePatch(DAEMON_SETS, daemonSet, { metadata: { annotations: { [FROZEN_ANNOTATION]: null } } });
        return;
      } catch (error) {
        if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      }
    }
  });
  return true;
}

function isMarked({ metadata }: DaemonSet): boolean {
  return metadata.annotations?.[FROZEN_ANNOTATION] !== undefined;
}

function isOnDelete(daemonSet: DaemonSet): boolean {
  return daemonSet.spec.updateStrategy?.type === 'OnDelete';
}

function readDaemonSet({ cluster }: StepContext, { daemonset, namespace }: Workload): Promise<DaemonSet | undefined> {
  return cluster.get<DaemonSet>(DAEMON_SETS, daemonset, namespace);
}
