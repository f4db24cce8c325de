/** What the design leans on, seen in real parts: experiments on one cluster, each group beside the others. */
import { describe } from 'vitest';

import { useArgoCluster } from './argo-cluster.ts';
import { crdsOutOfSync } from './crd-out-of-sync.ts';
import { failedOnceJob } from './failed-once-job.ts';
import { failedVerifyWave } from './failed-verify-wave.ts';
import { failingWatcherAlone, freezeStuckDaemonset, selfHealOfFreeze } from './freeze-stuck-daemonset.ts';
import { namespaceLift } from './namespace-lift.ts';
import { preSyncIdentity } from './presync-identity.ts';
import { stepsAsInitContainers } from './steps-as-init-containers.ts';

const argo = useArgoCluster();

beside('definitions that Argo CD shows OutOfSync', () => crdsOutOfSync(argo));
beside('a failed Job with a name of its own', () => failedOnceJob(argo));
beside('a failing wave', () => failedVerifyWave(argo));
beside('a DaemonSet that never gets ready', () => freezeStuckDaemonset(argo));
beside('self-heal of a DaemonSet that is frozen', () => selfHealOfFreeze(argo));
beside('a DaemonSet that nobody freezes', () => failingWatcherAlone(argo));
beside('the Namespace of hooks', () => namespaceLift(argo));
beside('the identity of a PreSync Job', () => preSyncIdentity(argo));
beside('steps as init containers', () => stepsAsInitContainers(argo));

/** The groups run at the same time; the tests of a group, which go on from one another, in order. */
function beside(title: string, tests: () => void): void {
  describe.concurrent(title, () => {
    describe.sequential('', tests);
  });
}
