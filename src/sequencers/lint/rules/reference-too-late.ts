import { comparePositions } from '../../argo/position.ts';
import { describeManifest, type Manifest } from '../../manifests/manifest.ts';
import { positionsOf, type ManifestSet } from '../model.ts';
import { podSpecPath } from '../pods.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../example.ts';
import { providers, references, whenApplied, whenHelmRuns } from '../references.ts';

const JOB = exampleJob({ pod: ['restartPolicy: Never', 'serviceAccountName: migrate'] });

export const referenceTooLate: Rule = {
  code: 'reference-too-late',
  level: 'error',
  title: 'a Pod needs what is applied only later',
  why: 'Argo CD lifts namespaces and custom resource definitions to what needs them, nothing else. A PreSync Job whose ServiceAccount, binding, ConfigMap or Secret is an ordinary object of the application waits for it, while the sync waits for the Job: the first sync hangs. Helm runs hooks one by one, by weight, then by name; the kind counts only between hooks of one name.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_tasks.go (adjustDeps); issues 1594, 15292; helm v4.2 pkg/action/hooks.go (hookByWeight)',
  fix: 'give the hook an identity and data of its own: hooks of the same phase under their own names, one wave earlier, with HookSucceeded',
  bad: stream(EXAMPLE_MARKER, JOB, exampleObject('v1', 'ServiceAccount', 'migrate')),
  good: stream(
    EXAMPLE_MARKER,
    JOB,
    exampleObject('v1', 'ServiceAccount', 'migrate', ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded', 'argocd.argoproj.io/sync-wave: "-1"']),
  ),
  *check(set) {
    const looked = new Set<Manifest>([...set.anyHooks, ...waiting(set)]);
    for (const object of looked) {
      for (const reference of references(object)) {
        const found = providers(reference, object, set);
        const [first] = found;
        if (!first) continue;
        const when = (set.forArgo && whenApplied(object, found)) || (set.forHelm && whenHelmRuns(object, found));
        if (when) yield { object, path: reference.path, message: `needs ${describeManifest(first)}, which ${when}` };
      }
    }
  },
};

/** Ordinary workloads that come before some account, ConfigMap or Secret; the others need no look. */
function waiting({ tracked, objects, forArgo, isChart, multiStep }: ManifestSet): readonly Manifest[] {
  if (!forArgo || isChart || !multiStep) return [];
  const offered = objects.filter(({ kind, group }) => group === '' && /^(?:ServiceAccount|ConfigMap|Secret)$/.test(kind)).flatMap(positionsOf);
  const latest = [...offered].sort(comparePositions).at(-1);
  return latest ? tracked.filter((one) => podSpecPath(one) && positionsOf(one).some((position) => comparePositions(position, latest) < 0)) : [];
}
