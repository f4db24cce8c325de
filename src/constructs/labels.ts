import type { UpgradeIdentity } from '../steps/step.ts';

const MANAGED_BY = 'app.kubernetes.io/managed-by';
const UPGRADE_LABEL = 'hookwave.dev/upgrade';
export const PHASE_LABEL = 'hookwave.dev/phase';
export const PLAN_LABEL = 'hookwave.dev/plan';
/** On Jobs that run once per plan. */
export const ONCE_LABEL = 'hookwave.dev/once';

/** Labels of everything that hookwave itself puts into the cluster. */
export function ownLabels({ upgrade }: Pick<UpgradeIdentity, 'upgrade'>): Record<string, string> {
  return { [MANAGED_BY]: 'hookwave', [UPGRADE_LABEL]: upgrade };
}
