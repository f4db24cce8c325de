import { at } from '../../manifests/json.ts';
import { annotationPath } from '../../manifests/keys.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const annotationNotString: Rule = {
  code: 'annotation-not-string',
  level: 'error',
  title: 'the value of an annotation is not a string',
  why: 'Annotations are strings. One number or boolean among them keeps Argo CD from reading the whole application: it shows a ComparisonError and syncs nothing. Helm reads the number as text, but the API server refuses the object, and the release fails in its middle.',
  source: 'argo-cd v3.2 util/argo/resource_tracking.go (SetAppInstance) in the repo-server; helm v4.2 manifest_sorter.go (SimpleHead)',
  fix: 'quote the value',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation', 'argocd.argoproj.io/sync-wave: -1'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation', 'argocd.argoproj.io/sync-wave: "-1"'] }),
  *check({ objects }) {
    for (const object of objects) {
      for (const key of object.notStrings) {
        const value = at(object.object, ...annotationPath(key));
        yield { object, path: annotationPath(key), message: `${key} is the ${typeof value} ${JSON.stringify(value)}, not a string` };
      }
    }
  },
};
