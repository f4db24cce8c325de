import type { V3Kind, V3Resource } from '../model.ts';
import { endpointProblems, hostEndpointProblems } from './endpoints.ts';
import { felixProblems } from './felix.ts';
import { bgpPeerProblems, ipPoolProblems, nodeProblems } from './network.ts';
import { metadataProblems } from './metadata.ts';
import { policyProblems, profileProblems } from './policy.ts';
import type { FieldProblem } from './problem.ts';

/**
 * What Calico v3 would refuse in an object (libcalico-go `lib/validator/v3`), for everything that the converters can write. Unlike upstream's
 * migration this looks at every kind.
 */
export function validate(resource: V3Resource): readonly FieldProblem[] {
  return [...metadataProblems(resource), ...SPEC_PROBLEMS[resource.kind](resource.spec as never)];
}

const none = (): readonly FieldProblem[] => [];

// The shapes of specs are known, because the converters wrote them; only their values are in question.
const SPEC_PROBLEMS: Readonly<Record<V3Kind, (spec: never) => readonly FieldProblem[]>> = {
  FelixConfiguration: felixProblems,
  ClusterInformation: none,
  BGPConfiguration: none,
  Node: nodeProblems,
  BGPPeer: bgpPeerProblems,
  HostEndpoint: hostEndpointProblems,
  IPPool: ipPoolProblems,
  GlobalNetworkPolicy: policyProblems,
  Profile: profileProblems,
  WorkloadEndpoint: endpointProblems,
};
