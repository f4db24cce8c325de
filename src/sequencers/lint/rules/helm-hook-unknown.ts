import { annotationPath, HELM_HOOK } from '../../manifests/keys.ts';
import { HELM_EVENTS } from '../../manifests/reading.ts';
import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const helmHookUnknown: Rule = {
  code: 'helm-hook-unknown',
  level: 'error',
  title: 'Helm does not know the hook event',
  why: 'One event that Helm does not know drops the whole object: it becomes neither a hook nor a part of the release, and only an info line is logged. `crd-install` and `test-failure` of Helm 2 are among them.',
  source: 'helm v3.21 and v4.2 pkg/release/v1/util/manifest_sorter.go (isUnknownHook)',
  fix: `use ${HELM_EVENTS.join(', ')}`,
  bad: exampleJob({ annotations: ['helm.sh/hook: pre-upgrade,before-upgrade', 'helm.sh/hook-delete-policy: before-hook-creation'] }),
  good: exampleJob({ annotations: ['helm.sh/hook: pre-install,pre-upgrade', 'helm.sh/hook-delete-policy: before-hook-creation'] }),
  *check({ objects, forHelm }) {
    if (!forHelm) return;
    for (const object of objects) {
      for (const event of object.helm.unknown) {
        yield { object, path: annotationPath(HELM_HOOK), message: `Helm knows no hook event ${event || '(empty)'} and drops the object` };
      }
    }
  },
};
