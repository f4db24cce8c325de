import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { TEMPORARY_POLICY_NAMES } from '../calico/temporary-policy.ts';
import { parseSelector } from '../calico/selector.ts';
import { matchesSelector } from '../calico/selector-match.ts';
import { storageRules } from '../calico/storage.ts';
import { placement } from '../plan/placement.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { identityOf } from './identity-of.ts';
import { ownLabels } from './labels.ts';
import { place } from './placed.ts';

export interface AllowAllPolicyProps {
  /** @default that of the UpgradeChart around it */
  readonly identity?: UpgradeIdentity;
  /** Calico's selector of the host endpoints, such as `role == "node"`. It has to name a label that Pods don't have. */
  readonly selector: string;
  /** Calico release that the cluster runs when the commit is applied, such as `v3.32.1`: up to v3.31 the stored name has the tier's before it. */
  readonly release: string;
  /** @default the construct's id */
  readonly name?: string;
  /** Among the policies of the default tier, lower first. @default last of all, so that explicit rules of others keep their say */
  readonly order?: number;
  /** Log every new connection before it is allowed. @default false */
  readonly log?: boolean;
  /** Wave inside the upgrade phase; Helm can't order it before workloads and wants 0, or a release of its own. @default -1 */
  readonly wave?: number;
}

/**
 * A GlobalNetworkPolicy of your own that lets host endpoints send and receive everything: tracked in Git, in place before the new workload, and never taken away
 * by hookwave. `CalicoUpgrade` needs none: its temporary policy is made by a step when it is due, because a hook object would be deleted and made again at each
 * retry. Endpoints that this one covers count as protected, so the upgrade makes no temporary policy for them.
 */
export class AllowAllPolicy extends Construct {
  readonly object: ApiObject;

  /** @throws Error for a selector that selects Pods or is none, for the name of the temporary policy, and for a release that is none */
  constructor(scope: Construct, id: string, props: AllowAllPolicyProps) {
    super(scope, id);
    const { selector, order, log = false, name = id, wave = -1 } = props;
    refuseSelector(this.node.path, selector);
    if (TEMPORARY_POLICY_NAMES.includes(name)) throw new Error(`${this.node.path}: ${name} is the temporary policy that the upgrade makes and takes away; choose another name`);
    const rules = log ? [{ action: 'Log' }, { action: 'Allow' }] : [{ action: 'Allow' }];
    this.object = new ApiObject(this, 'Resource', {
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'GlobalNetworkPolicy',
      metadata: { name: `${storageRules(props.release).policyPrefix}${name}`, labels: ownLabels(props.identity ?? identityOf(this)) },
      spec: { ...(order === undefined ? {} : { order }), selector, types: ['Ingress', 'Egress'], ingress: rules, egress: rules },
    });
    place(this.object, { placement: placement('upgrade', wave, 'tracked'), why: 'allows all traffic of the host endpoints that it selects' });
  }
}

/** On Pods the policy would undo the isolation of Kubernetes network policies: what those leave undecided would be allowed. */
function refuseSelector(path: string, text: string): void {
  const selector = parseSelector(text);
  if ([{}, POD_LABELS].some((labels) => matchesSelector(selector, labels))) {
    throw new Error(`${path}: selector "${text}" selects Pods, too, and would undo their isolation; select a label that only host endpoints have`);
  }
}

/** What Calico puts on every workload endpoint of Kubernetes. */
const POD_LABELS = { 'projectcalico.org/namespace': 'default', 'projectcalico.org/orchestrator': 'k8s', 'projectcalico.org/serviceaccount': 'default' };
