import type { UpgradeChart } from '../constructs/upgrade-chart.ts';
import { argo } from './argo/argo.ts';
import { helm } from './helm/helm.ts';
import type { SequencerName } from './names.ts';
import type { OutputFile } from './output.ts';

/** Output dialects: each turns Placements into the annotations of the tool that orders the phases. */
export const sequencers = { argo, helm } as const satisfies Record<SequencerName, (chart: UpgradeChart) => readonly OutputFile[]>;
