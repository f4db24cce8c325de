import { at, words } from '../../manifests/json.ts';
import { describeManifest, runsToCompletion, type Manifest } from '../../manifests/manifest.ts';
import type { ManifestSet } from '../model.ts';
import { runsFirst } from '../references.ts';
import type { Rule } from '../rule.ts';
import { exampleObject, stream } from '../example.ts';

const definition = (annotations: readonly string[]): string =>
  exampleObject(
    'apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com', annotations,
    'spec:', '  group: example.com', '  scope: Namespaced', '  names: {kind: Widget, plural: widgets}',
    '  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]',
  );
const CUSTOM_RESOURCE = exampleObject('example.com/v1', 'Widget', 'first');
const HOOK = ['helm.sh/hook: pre-install,pre-upgrade', 'helm.sh/hook-delete-policy: hook-failed'];
const FROM_CRDS = '# Source: example/crds/widgets.yaml\n';

export const definitionTooLate: Rule = {
  code: 'definition-too-late',
  level: 'error',
  title: 'Helm needs a custom resource definition before the release that brings it',
  why: 'Helm asks the API server for the kinds of all objects of a release before it runs the first hook or creates anything. A definition that is a hook or a template of the same chart does not exist then, and the first release fails with "no matches for kind". A custom resource that is a later hook than its definition fails now and then: of hooks Helm waits for Jobs and Pods only, so the API server may not know the kind yet. Argo CD puts definitions first by itself.',
  source: 'helm v4.2 pkg/action/install.go and upgrade.go (build before hooks); helm v3.21 pkg/kube/client.go (watchUntilReady), v4.2 pkg/kube/statuswait.go; helm issues 10030, 8339, 4697',
  fix: 'put the definition into crds/ or into a release of its own',
  bad: stream(definition(HOOK), CUSTOM_RESOURCE),
  good: stream(`${FROM_CRDS}${definition([])}`, CUSTOM_RESOURCE),
  *check(set) {
    if (!set.forHelm) return;
    const late = lateDefinitions(set);
    if (late.size === 0) return;
    for (const object of set.objects) {
      const brought = late.get(`${object.group}/${object.kind}`);
      if (!brought || isInTime(object, brought, set)) continue;
      const what = object.helm.isHook ? 'Helm does not wait until the API server knows it' : 'does not exist when Helm looks for the kind';
      yield { object, path: ['kind'], message: `${describeManifest(brought)} is ${brought.helm.isHook ? 'a hook' : 'a template'} of this chart, and ${what}` };
    }
  },
};

/** A hook after its definition is, where the definition is no hook of the same event, or a Job or Pod between the two can wait for it. */
function isInTime(resource: Manifest, brought: Manifest, { objects }: ManifestSet): boolean {
  const shared = resource.helm.events.filter((event) => brought.helm.events.includes(event));
  const canWait = (one: Manifest): boolean => runsToCompletion(one) && shared.every((event) => one.helm.events.includes(event)) && runsFirst(brought, one) && runsFirst(one, resource);
  return resource.helm.isHook && (shared.length === 0 || objects.some(canWait));
}

/** Definitions that Helm creates in the release itself, by group and kind. A plain one without its source may come from crds/. */
function lateDefinitions({ objects }: ManifestSet): ReadonlyMap<string, Manifest> {
  const definitions = objects.filter(({ kind, group }) => kind === 'CustomResourceDefinition' && group === 'apiextensions.k8s.io');
  return new Map(
    definitions.flatMap((one): [string, Manifest][] => {
      const [group, kind] = [words(at(one.object, 'spec', 'group')), words(at(one.object, 'spec', 'names', 'kind'))];
      return group && kind && (one.helm.isHook || /^# Source: \S+\/templates\//m.test(one.text)) ? [[`${group}/${kind}`, one]] : [];
    }),
  );
}
