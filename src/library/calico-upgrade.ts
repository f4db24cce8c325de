import type { Construct } from 'constructs';
import type { z } from 'zod';
import { CalicoUpgrade as Recipe } from '../../charts/calico-upgrade.ts';
import { calicoUpgradeKind } from '../spec/kinds/calico-upgrade.ts';
import type { calicoUpgradeSpec } from '../spec/kinds/calico-upgrade.schema.ts';
import { checkedUpgrade, type RecipeProps } from './checked-upgrade.ts';

/** What a spec file of kind CalicoUpgrade has under `spec`. */
export type CalicoUpgradeSpec = z.input<typeof calicoUpgradeSpec>;

export type CalicoUpgradeProps = RecipeProps<CalicoUpgradeSpec>;

/** Calico 3.x to 3.y, installed by manifest on the Kubernetes datastore, as `hookwave synth` builds it from a spec file. */
export class CalicoUpgrade extends Recipe {
  /** @throws InvalidInput with all problems of the spec and its files */
  constructor(scope: Construct, id: string, props: CalicoUpgradeProps) {
    super(scope, id, checkedUpgrade(calicoUpgradeKind, id, props));
  }
}
