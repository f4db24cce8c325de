import { at, words } from '../../manifests/json.ts';
import { describeManifest, type Manifest } from '../../manifests/manifest.ts';
import type { ManifestSet } from '../model.ts';
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

export const definitionTooLate: Rule = {
  code: 'definition-too-late',
  level: 'error',
  title: 'Helm needs a custom resource definition before the release that brings it',
  why: 'Helm asks the API server for the kinds of all objects of a release before it runs the first hook or creates anything. A definition that is a hook or a template of the same chart does not exist then, and the first release fails with "no matches for kind". Argo CD puts definitions first by itself.',
  source: 'helm v4.2 pkg/action/install.go and upgrade.go (build before hooks); helm issues 10030, 8339, 4697',
  fix: 'put the definition into crds/ or into a release of its own, or make the custom resource a hook that comes after it',
  bad: stream(definition(HOOK), CUSTOM_RESOURCE),
  good: stream(definition(HOOK), exampleObject('example.com/v1', 'Widget', 'first', ['helm.sh/hook: pre-install,pre-upgrade', 'helm.sh/hook-weight: "1"', 'helm.sh/hook-delete-policy: hook-failed'])),
  *check(set) {
    if (!set.forHelm) return;
    const late = lateDefinitions(set);
    if (late.size === 0) return;
    for (const object of set.objects) {
      const brought = object.helm.isHook ? undefined : late.get(`${object.group}/${object.kind}`);
      if (brought) yield { object, path: ['kind'], message: `${describeManifest(brought)} is ${brought.helm.isHook ? 'a hook' : 'a template'} of this chart, and does not exist when Helm looks for the kind` };
    }
  },
};

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
