import { at, stringMap } from '../../manifests/json.ts';
import { annotationPath, HELM_HOOK, HOOK, SYNC_WAVE } from '../../manifests/keys.ts';
import { mentions, type Manifest, type Path } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

const KEYS = [HOOK, SYNC_WAVE, HELM_HOOK];
const PLACES: readonly Path[] = [['metadata', 'labels'], ['spec', 'template', 'metadata', 'annotations'], ['spec', 'template', 'metadata', 'labels']];

export const annotationMisplaced: Rule = {
  code: 'annotation-misplaced',
  level: 'error',
  title: 'a hook or wave annotation stands where no tool reads it',
  why: 'Hook and wave are read from `metadata.annotations` of the object itself. Among the labels, or on the Pod template, they have no effect and nothing says so. Helm looks at the annotations of a document, so in a List only at those of the List: to Helm a hook among its items is an ordinary object; Argo CD reads the items.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/hook/hook.go, pkg/sync/syncwaves/waves.go; helm v4.2 pkg/release/v1/util/manifest_sorter.go',
  fix: 'move it to metadata.annotations',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync'], labels: ['argocd.argoproj.io/sync-wave: "2"'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/sync-wave: "2"'] }),
  *check({ objects, forHelm }) {
    for (const object of objects) {
      if (!KEYS.some((key) => mentions(object, key))) continue;
      for (const place of PLACES) yield* misplaced(object, place);
      if (forHelm && object.within.length > 0 && object.annotations[HELM_HOOK] !== undefined) {
        yield { object, path: annotationPath(HELM_HOOK), message: `${HELM_HOOK} has no effect for Helm on an item of a List`, fix: 'give it a document of its own' };
      }
    }
  },
};

function misplaced(object: Manifest, place: Path) {
  return Object.keys(stringMap(at(object.object, ...place)))
    .filter((key) => KEYS.includes(key))
    .map((key) => ({ object, path: [...place, key], message: `${key} has no effect in ${place.join('.')}` }));
}
