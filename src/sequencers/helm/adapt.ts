import { HookJob } from '../../constructs/hook-job.ts';
import { placedOf, objectsOf } from '../../constructs/placed.ts';
import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { positionOf } from './position.ts';

/**
 * Changes the tree to what Helm runs: what has no place goes (refuse.ts lets in only what is optional), Jobs become hooks of fixed names, but for those that the
 * workload waits for: with `--wait`, Helm would run no hook before the workload is ready. No step creates objects of the release ahead of it: Helm 3 fails on
 * an object that appears between its check and its own turn.
 */
export function adaptToHelm(chart: UpgradeChart): void {
  for (const job of hookJobs(chart)) {
    if (job.props.besideWorkload) job.rebuildInRelease();
    else job.rebuildAsHook();
  }
  for (const object of objectsOf(chart)) {
    const placed = placedOf(object);
    if (placed && !positionOf(placed.placement)) object.node.scope?.node.tryRemoveChild(object.node.id);
  }
}

export function hookJobs(chart: UpgradeChart): readonly HookJob[] {
  return chart.node.findAll().filter((node) => node instanceof HookJob);
}
