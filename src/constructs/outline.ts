import type { ApiObject } from 'cdk8s';
import type { Outline, OutlineEntry, OutlineStep } from '../plan/outline.ts';
import { PHASES } from '../plan/phases.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { stepsOf } from './hook-job.ts';
import { objectsOf, placedOf, type Placed } from './placed.ts';
import { guardOf } from './init-guard.ts';
import { argumentsOf, type StepUse } from './runner-container.ts';
import type { UpgradeChart } from './upgrade-chart.ts';

/** What an upgrade will do, in the order of phases and waves. */
export function outline(chart: UpgradeChart): Outline {
  const { identity, summary } = chart;
  const entries = objectsOf(chart)
    .flatMap((object) => {
      const placed = placedOf(object);
      return placed ? [entryOf(object, placed, identity)] : [];
    })
    .sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || Number(a.mode === 'tracked') - Number(b.mode === 'tracked') || a.wave - b.wave);
  return { ...summary, name: identity.upgrade, plan: identity.plan, namespace: identity.namespace, entries };
}

function entryOf(object: ApiObject, { placement, why, serves }: Placed, identity: UpgradeIdentity): OutlineEntry {
  const { namespace } = object.metadata;
  const guard = guardOf(object);
  return {
    ...placement,
    kind: object.kind,
    name: object.name,
    ...(namespace ? { namespace } : {}),
    why,
    ...(serves ? { serves } : {}),
    steps: stepsOf(object).map((use) => stepOf(use, identity)),
    ...(guard ? { guard: { ...stepOf(guard, identity), why: guard.why } } : {}),
  };
}

function stepOf(use: StepUse, identity: UpgradeIdentity): OutlineStep {
  const { definition, params } = use;
  const { name, summary, waitsFor } = definition;
  return { name, summary, ...(waitsFor ? { waitsFor } : {}), arguments: argumentsOf(use), access: definition.access(params, identity) };
}
