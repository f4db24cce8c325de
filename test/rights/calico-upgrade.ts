import { join } from 'node:path';
import { projectFolder } from '../cluster/paths.ts';
import { grantsIn } from './granted.ts';

/** The accounts of the upgrade `calico`, and their rights. */
export const CALICO_UPGRADE = {
  // The guard runs as the vendor's account.
  accounts: /^(hookwave-calico\/|kube-system\/calico-node$)/,
  // The chart for Helm has an account more, that of `helm test`.
  grants: ['argo', 'helm'].flatMap((sequencer) => grantsIn(join(projectFolder, 'synth/calico-manifest', sequencer))),
  atLeast: 200,
};
