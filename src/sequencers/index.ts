import type { UpgradeChart } from '../constructs/upgrade-chart.ts';
import { argo } from './argo/argo.ts';
import { helm } from './helm/helm.ts';
import type { OutputFile } from './output.ts';

/** Output dialects: each turns Placements into the annotations of the tool that orders the phases. */
export const sequencers = { argo, helm } as const satisfies Record<string, (chart: UpgradeChart) => readonly OutputFile[]>;

export type SequencerName = keyof typeof sequencers;

export const SEQUENCER_NAMES = Object.keys(sequencers) as SequencerName[];
