import { at, words } from '../../manifests/json.ts';
import type { ManifestSet } from '../model.ts';
import type { Rule } from '../rule.ts';
import { exampleObject, stream } from '../example.ts';

const SERVER = exampleObject('apiregistration.k8s.io/v1', 'APIService', 'v3.projectcalico.org', [], 'spec:', '  group: projectcalico.org', '  version: v3', '  groupPriorityMinimum: 1500', '  versionPriority: 20', '  insecureSkipTLSVerify: true', '  service: {name: calico-api, namespace: calico-apiserver}');
const POLICY = exampleObject('projectcalico.org/v3', 'GlobalNetworkPolicy', 'default-deny', [], 'spec:', '  order: 1000');

export const aggregatedApiInApp: Rule = {
  code: 'aggregated-api-in-app',
  level: 'warning',
  title: 'objects of an aggregated API stand beside its API server',
  why: 'Argo CD asks for the kinds of all objects at every step of a sync. While the upgrade restarts the API server behind an aggregated API, that question fails with something else than "not found", SkipDryRunOnMissingResource does not help, and the whole operation fails in its middle.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_context.go (getSyncTasks: tasks not valid)',
  fix: 'move these objects to an Application of their own, let a Job create them, or use the CRD-backed API; set retry',
  bad: stream(SERVER, POLICY),
  good: POLICY,
  scope: 'application',
  *check(set) {
    if (!set.forArgo) return;
    const served = servedGroups(set);
    if (served.size === 0) return;
    for (const object of set.objects) {
      const by = served.get(object.group);
      if (by && object.argo.phases.length > 0) yield { object, path: ['apiVersion'], message: `${object.apiVersion} is served by an API server that this application restarts (${by})` };
    }
  },
};

/** API groups that objects of the set serve, and which object that is. */
function servedGroups({ objects }: ManifestSet): ReadonlyMap<string, string> {
  return new Map(
    objects.flatMap((one): [string, string][] => {
      if (one.kind === 'APIServer' && one.group === 'operator.tigera.io') return [['projectcalico.org', `APIServer ${one.name}`]];
      if (one.kind !== 'APIService' || at(one.object, 'spec', 'service') === undefined) return [];
      const group = words(at(one.object, 'spec', 'group'));
      return group ? [[group, `APIService ${one.name}`]] : [];
    }),
  );
}
