import { readFile } from 'node:fs/promises';
import { assess, type Installed } from '../../calico/assess.ts';
import { driftFileSchema, type DriftFile } from '../../calico/drift-file.ts';
import { describeLostEdit, lostEdits, type LostEdit } from '../../calico/drift.ts';
import { lastApplied } from '../../calico/last-applied.ts';
import { tunables, type Tunables } from '../../calico/tunables.ts';
import type { KubeObject } from '../../kube/cluster.ts';
import { CONFIG_MAPS, DAEMON_SETS, DEPLOYMENTS } from '../../kube/resources.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import { EDITED_CONFIG_MAPS, EDITED_DEPLOYMENTS, type calicoDrift } from './calico-drift.ts';
import { workloadOf } from '../rollout/workload-params.ts';

type Params = Parameters<StepRun<typeof calicoDrift.params>>[0];

export const runCalicoDrift: StepRun<typeof calicoDrift.params> = async (params, context) => {
  const { record } = await context.record.read();
  const found = await assess(context.cluster, workloadOf(params), { plan: context.identity.plan, from: params.from, to: params.to }, record);
  if (found.due === 'absent' || found.due === 'done') return { outcome: 'already', message: found.reason };
  if (found.due === 'partial') return { outcome: 'failed', exitCode: 10, message: found.reason, next: 'correct namespace and variant of the manifest, or remove the rest of the old install' };
  const file = driftFileSchema.parse(JSON.parse(await readFile(params.tunables, 'utf8')));
  const live = await readLive(params, context);
  const installed = installedTunables(live, file, found, context);
  return resultOf(lostEdits({ installed, live: tunables(live), target: file.target, decided: file.decided }));
};

async function readLive({ namespace, daemonset }: Params, { cluster }: StepContext): Promise<readonly KubeObject[]> {
  const objects = await Promise.all([
    ...EDITED_CONFIG_MAPS.map((name) => cluster.get(CONFIG_MAPS, name, namespace)),
    cluster.get(DAEMON_SETS, daemonset, namespace),
    ...EDITED_DEPLOYMENTS.map((name) => cluster.get(DEPLOYMENTS, name, namespace)),
  ]);
  return objects.filter((object) => object !== undefined);
}

/**
 * The spec's installed manifest describes `from`: once `to` has been applied, only what kubectl noted on the objects still tells
 * their state before edits.
 */
function installedTunables(live: readonly KubeObject[], file: DriftFile, { rollout }: Installed, { report }: StepContext): Tunables {
  if (file.installed && !rollout.templateOnTarget) return file.installed;
  const noted = live.map((object) => [object, isAppliedByHelm(object) ? undefined : lastApplied(object)] as const);
  for (const [object, last] of noted) {
    if (last) continue;
    const name = `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
    const why = isAppliedByHelm(object) ? 'Helm applied it, and keeps to itself what it applied' : 'it carries no last-applied note and the spec names no installed manifest';
    report.event('drift-unknown', `cannot tell whether ${name} was edited: ${why}`, { object: name });
  }
  return tunables(noted.flatMap(([, last]) => last ?? []));
}

/** Then a note of kubectl tells of the time before Helm. */
function isAppliedByHelm({ metadata }: KubeObject): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === 'Helm';
}

function resultOf(lost: readonly LostEdit[]): StepResult {
  if (lost.length === 0) return { outcome: 'done', message: 'no live edit would be lost, as far as can be told' };
  return {
    outcome: 'failed',
    exitCode: 10,
    message: `${lost.length === 1 ? 'a live edit' : `${lost.length} live edits`} would be lost:\n${lost.map((edit) => `- ${describeLostEdit(edit)}`).join('\n')}`,
    next: 'carry each edit by an overlay in the spec, or undo it in the cluster',
  };
}
