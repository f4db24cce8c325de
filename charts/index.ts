/** The recipes: one line for each kind of upgrade. */
import type { Construct } from 'constructs';
import type { UpgradeChart } from '../src/constructs/upgrade-chart.ts';
import type { SpecKind, Upgrade } from '../src/spec/kind.ts';
import { calicoUpgradeKind } from '../src/spec/kinds/calico-upgrade.ts';
import { CalicoUpgrade } from './calico-upgrade.ts';

type Recipe = new (scope: Construct, id: string, upgrade: Upgrade<never>) => UpgradeChart;

const recipes: readonly (readonly [kind: SpecKind<never>, recipe: Recipe])[] = [[calicoUpgradeKind as unknown as SpecKind<never>, CalicoUpgrade]];

/** All kinds of upgrade. */
export const kinds: readonly SpecKind[] = recipes.map(([kind]) => kind as unknown as SpecKind);

/** @throws Error for a kind that has no recipe. */
export function recipeOf(kind: string): new (scope: Construct, id: string, upgrade: Upgrade<unknown>) => UpgradeChart {
  const found = recipes.find(([known]) => (known as unknown as SpecKind).kind === kind);
  if (!found) throw new Error(`no recipe for kind ${kind}`);
  return found[1] as never;
}
