import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { placement } from '../plan/placement.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { identityOf } from './identity-of.ts';
import { ownLabels } from './labels.ts';
import { place } from './placed.ts';

export interface MarkerProps {
  /** @default that of the UpgradeChart around it */
  readonly identity?: UpgradeIdentity;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The tracked ConfigMap `hookwave-<upgrade>-plan`, last of all: it is in sync only when the upgrade in Git has been verified in the cluster.
 * Its `content` digest makes a commit that changes only hooks visible to the sequencer. Every UpgradeChart has exactly one.
 */
export class Marker extends Construct {
  readonly object: ApiObject;

  constructor(scope: Construct, id: string, { identity, kind, from, to }: MarkerProps) {
    super(scope, id);
    const { upgrade, namespace, plan } = identity ?? identityOf(this);
    this.object = new ApiObject(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `hookwave-${upgrade}-plan`, namespace, labels: ownLabels({ upgrade }) },
      data: { kind, from, to, plan },
    });
    place(this.object, { placement: placement('verify', 1, 'tracked'), why: 'marks the plan as verified, and makes every change in Git visible' });
  }

  /** Called by the sequencer with the digest of everything else that it has rendered. */
  seal(content: string): void {
    this.object.addJsonPatch(JsonPatch.add('/data/content', content));
  }
}
