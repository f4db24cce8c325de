/** What a recipe owes a rollout that its watch may freeze. */
import { mergePatch, type VendorObject } from './vendor-manifest.ts';

/** Time to freeze a rollout after its deadline, in seconds. */
export const FREEZE_SECONDS = 120;

/** A frozen rollout goes on only when the next apply names the strategy; left to its default, it would stay frozen. */
export function nameUpdateStrategy(daemonSet: VendorObject): void {
  daemonSet.edit((document) => {
    if (!document.hasIn(['spec', 'updateStrategy'])) mergePatch(document, { spec: { updateStrategy: { type: 'RollingUpdate' } } });
  });
}
