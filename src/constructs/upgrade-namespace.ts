import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { placement } from '../plan/placement.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { identityOf } from './identity-of.ts';
import { ownLabels } from './labels.ts';
import { place } from './placed.ts';

/**
 * The namespace of the hooks and the run record. Host-network Pods need Pod Security level `privileged`; nothing else in them does.
 * It is tracked: Argo CD moves a Namespace before the first object that needs it, so it is there before the first hook.
 */
export class UpgradeNamespace extends Construct {
  /** @param upgrade - the upgrade that it belongs to; default: that of the UpgradeChart around it */
  constructor(scope: Construct, id: string, upgrade?: UpgradeIdentity) {
    super(scope, id);
    const identity = upgrade ?? identityOf(this);
    const labels = { ...ownLabels(identity), 'pod-security.kubernetes.io/enforce': 'privileged' };
    const namespace = new ApiObject(this, 'Resource', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: identity.namespace, labels } });
    place(namespace, { placement: placement('upgrade', -2, 'tracked'), why: 'home of the hooks and of the run record; stays when the application goes' });
  }
}
