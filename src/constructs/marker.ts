import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { placement } from '../plan/placement.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { ownLabels } from './labels.ts';
import { place } from './placed.ts';

export interface MarkerProps {
  readonly identity: UpgradeIdentity;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The tracked ConfigMap `hookwave-<upgrade>-plan`, last of all: it is in sync only when the upgrade in Git has been verified in the cluster.
 * Its `content` digest makes a commit that changes only hooks visible to the sequencer.
 */
export class Marker extends Construct {
  readonly object: ApiObject;

  constructor(scope: Construct, id: string, { identity, kind, from, to }: MarkerProps) {
    super(scope, id);
    this.object = new ApiObject(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `hookwave-${identity.upgrade}-plan`, namespace: identity.namespace, labels: ownLabels(identity) },
      data: { kind, from, to, plan: identity.plan },
    });
    place(this.object, { placement: placement('verify', 1, 'tracked'), why: 'marks the plan as verified, and makes every change in Git visible' });
  }

  /** Called by the sequencer with the digest of everything else that it has rendered. */
  seal(content: string): void {
    this.object.addJsonPatch(JsonPatch.add('/data/content', content));
  }
}
