import { App } from 'cdk8s';
import { recipeOf } from '../../charts/index.ts';
import type { UpgradeChart } from '../constructs/upgrade-chart.ts';
import type { OutputFile } from '../sequencers/output.ts';
import { sequencers } from '../sequencers/index.ts';
import type { SequencerName } from '../sequencers/names.ts';
import type { LoadedUpgrade } from '../spec/load.ts';

/** The construct tree of one upgrade, validated. @throws Error with all findings of cdk8s validations. */
export function chartOf({ upgrade }: LoadedUpgrade): UpgradeChart {
  return new (recipeOf(upgrade.kind))(new App(), upgrade.name, upgrade);
}

/** The files of one upgrade's output folder. */
export function synthesize(loaded: LoadedUpgrade, sequencer: SequencerName): readonly OutputFile[] {
  const chart = chartOf(loaded);
  const files = sequencers[sequencer](chart);
  const findings = chart.node.findAll().flatMap((node) => node.node.validate().map((finding) => `${node.node.path}: ${finding}`));
  if (findings.length > 0) throw new Error(findings.join('\n'));
  return files;
}
