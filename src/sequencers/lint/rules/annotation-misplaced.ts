import { at, stringMap } from '../../manifests/json.ts';
import { HELM_HOOK, HOOK, SYNC_WAVE } from '../../manifests/keys.ts';
import type { Manifest, Path } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

const KEYS = [HOOK, SYNC_WAVE, HELM_HOOK];
const PLACES: readonly Path[] = [['metadata', 'labels'], ['spec', 'template', 'metadata', 'annotations'], ['spec', 'template', 'metadata', 'labels']];

export const annotationMisplaced: Rule = {
  code: 'annotation-misplaced',
  level: 'error',
  title: 'a hook or wave annotation stands where no tool reads it',
  why: 'Hook and wave are read from `metadata.annotations` of the object itself. Among the labels, or on the Pod template, they have no effect and nothing says so.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/hook/hook.go, pkg/sync/syncwaves/waves.go; helm v4.2 manifest_sorter.go',
  fix: 'move it to metadata.annotations',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync'], labels: ['argocd.argoproj.io/sync-wave: "2"'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/sync-wave: "2"'] }),
  *check({ objects }) {
    for (const object of objects) {
      if (!KEYS.some((key) => object.text.includes(key))) continue;
      for (const place of PLACES) yield* misplaced(object, place);
    }
  },
};

function misplaced(object: Manifest, place: Path) {
  return Object.keys(stringMap(at(object.object, ...place)))
    .filter((key) => KEYS.includes(key))
    .map((key) => ({ object, path: [...place, key], message: `${key} has no effect in ${place.join('.')}` }));
}
