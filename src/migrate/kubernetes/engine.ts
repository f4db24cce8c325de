import type { Cluster } from '../../kube/cluster.ts';
import type { Clock } from '../../steps/step.ts';
import type { Identity } from '../identity.ts';
import type { LookAtOwner } from './liveness.ts';

/** What all calls of one migration share. */
export interface Engine {
  readonly cluster: Cluster;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly look: LookAtOwner;
}
