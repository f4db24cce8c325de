/** The recipes: one line for each kind of upgrade. */
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { UpgradeChart } from '../src/constructs/upgrade-chart.ts';
import type { SpecKind, Upgrade } from '../src/spec/kind.ts';
import { calicoDatastoreMigrationKind } from '../src/spec/kinds/calico-datastore-migration.ts';
import { calicoUpgradeKind } from '../src/spec/kinds/calico-upgrade.ts';
import { CalicoDatastoreMigration } from './calico-datastore-migration.ts';
import { CalicoUpgrade } from './calico-upgrade.ts';

type Recipe<S> = new (scope: Construct, id: string, upgrade: Upgrade<S>) => UpgradeChart;

const recipes = [recipe(calicoUpgradeKind, CalicoUpgrade), recipe(calicoDatastoreMigrationKind, CalicoDatastoreMigration)];

/** All kinds of upgrade. */
export const kinds: readonly SpecKind[] = recipes.map(({ kind }) => kind);

/** The chart of a kind of upgrade. @throws Error for a kind that has none. */
export function recipeOf(kind: string): Recipe<unknown> {
  const found = recipes.find((known) => known.kind.kind === kind);
  if (!found) throw new Error(`no recipe for kind ${kind}`);
  return found.chart;
}

/** A recipe gets only what the schema of its own kind has parsed, so their types may be forgotten together. */
function recipe<S extends z.ZodType>(kind: SpecKind<S>, chart: Recipe<z.output<S>>): { readonly kind: SpecKind; readonly chart: Recipe<unknown> } {
  return { kind: kind as unknown as SpecKind, chart: chart as Recipe<unknown> };
}
