import { annotationPath, HOOK } from '../../manifests/keys.ts';
import { syncHookJobs, trackedJobs } from '../select.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_GATE, EXAMPLE_MARKER, exampleJob, stream } from '../example.ts';

const HOOK_JOB = exampleJob({ name: 'verify', annotations: ['argocd.argoproj.io/hook: PostSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'] });
const TRACKED_JOB = exampleJob({ name: 'verify-0a1b2c3d', annotations: ['argocd.argoproj.io/sync-wave: "1"'] });

export const fleetVerifiedByHook: Rule = {
  code: 'fleet-verified-by-hook',
  level: 'error',
  title: 'a fleet rolls on although a hook fails',
  why: 'In newer releases of Argo CD (seen in v3.6) RollingSync goes to the next step when the applications of this one are Healthy and Synced, whatever the result of the sync. Hooks count for neither, so the next batch starts while a verifying hook still runs, and also after it has failed. Up to v3.2 the last sync must have succeeded too: there a failed hook holds the fleet, until you upgrade Argo CD. A tracked Job with a digest in its name is Progressing until it is complete and Degraded when it fails: that holds the fleet.',
  source: 'argo-cd v3.6 applicationset/progressivesync/progressive_sync.go; v3.2 applicationset/controllers/applicationset_controller.go isApplicationHealthy; PR 23187',
  fix: 'verify in an ordinary Job with a digest in its name, in the last wave',
  bad: stream(EXAMPLE_MARKER, HOOK_JOB),
  good: stream(EXAMPLE_MARKER, TRACKED_JOB, EXAMPLE_GATE),
  scope: 'application',
  needs: { fleet: true },
  *check(set) {
    const object = syncHookJobs(set).find(({ argo }) => argo.phases.some((phase) => phase === 'Sync' || phase === 'PostSync'));
    if (!set.fleet || !object || trackedJobs(set).length > 0) return;
    yield { object, path: annotationPath(HOOK), message: 'the only verification is a hook, which RollingSync does not look at' };
  },
};
