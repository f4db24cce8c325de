import { annotationPath, HELM_WEIGHT, SYNC_WAVE } from '../../manifests/keys.ts';
import { atoi } from '../../manifests/reading.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const waveNotInteger: Rule = {
  code: 'wave-not-integer',
  level: 'error',
  title: 'a wave or weight is not an integer',
  why: 'What Go cannot read as an integer counts as if it were not there: Argo CD falls back to the Helm weight and then to 0, Helm to 0, both in silence. Spaces and fractions are enough.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/syncwaves/waves.go, pkg/sync/hook/helm/weight.go; helm v4.2 manifest_sorter.go (calculateHookWeight)',
  fix: 'write a decimal integer in quotes, such as "-5"',
  bad: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/sync-wave: "1.5"'] }),
  good: exampleJob({ annotations: ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/sync-wave: "2"'] }),
  *check({ objects }) {
    for (const object of objects) {
      for (const key of [SYNC_WAVE, HELM_WEIGHT]) {
        const value = object.annotations[key];
        if (value === undefined || atoi(value) !== undefined) continue;
        yield { object, path: annotationPath(key), message: `"${value}" is not an integer; it counts as ${key === SYNC_WAVE ? object.argo.wave : 0}` };
      }
    }
  },
};
