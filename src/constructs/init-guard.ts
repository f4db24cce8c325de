import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { isSeq } from 'yaml';
import { placement } from '../plan/placement.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { ownLabels } from './labels.ts';
import { podField, runnerContainer, type RunnerImage, type StepUse } from './runner-container.ts';
import { RunnerAccess } from './runner-access.ts';
import type { VendorObject } from './vendor-manifest.ts';

export interface InitGuardProps {
  readonly identity: UpgradeIdentity;
  readonly runner: RunnerImage;
  /** The workload that is held; its Pod template gets the guard as first init container. */
  readonly workload: VendorObject;
  /** ServiceAccount of the workload's Pods: the guard runs as it, with the rights of its step added. */
  readonly serviceAccount: string;
  readonly step: StepUse;
  /** Then the guard ends unsuccessfully and the kubelet starts it again. @default 600 */
  readonly deadlineSeconds?: number;
  readonly why: string;
}

/**
 * An init container that holds a workload's Pods while they would do harm. It works where hooks are skipped: selective sync, rollback in the UI,
 * `--strategy apply`. `$(NODE_NAME)` in the step's parameters is the Pod's node.
 */
export class InitGuard extends Construct {
  constructor(scope: Construct, id: string, props: InitGuardProps) {
    super(scope, id);
    const { identity, workload, step } = props;
    const { namespace = 'default' } = workload.document;
    new RunnerAccess(this, 'Access', {
      name: `hookwave-${identity.upgrade}-${id}`,
      subject: { name: props.serviceAccount, namespace },
      rules: step.definition.access(step.params, identity),
      labels: ownLabels(identity),
      placement: placement('upgrade', -1, 'tracked'),
      why: props.why,
      serves: id,
    });
    guards.set(workload, { ...step, why: props.why });
    const container = runnerContainer({ runner: props.runner, step, identity, deadlineSeconds: props.deadlineSeconds ?? 600, env: [podField('NODE_NAME', 'spec.nodeName')] });
    workload.edit((document) => {
      const path = ['spec', 'template', 'spec', 'initContainers'];
      const present = document.getIn(path, true);
      if (isSeq(present)) present.items.unshift(document.createNode({ ...container, name: `hookwave-${id}` }));
      else document.setIn(path, document.createNode([{ ...container, name: `hookwave-${id}` }]));
    });
  }
}

const guards = new WeakMap<ApiObject, GuardUse>();

/** A guard's step, and why the workload has it. */
export type GuardUse = StepUse & { readonly why: string };

/** The guard of a workload, for `plan`. */
export function guardOf(workload: ApiObject): GuardUse | undefined {
  return guards.get(workload);
}
