import { annotationPath, HELM_HOOK, HELM_RESOURCE_POLICY } from '../../manifests/keys.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import { identityOf } from '../../manifests/scope.ts';
import type { Rule } from '../rule.ts';
import { exampleObject } from '../example.ts';

const HOOK_ACCOUNT = exampleObject('v1', 'ServiceAccount', 'migrate', ['helm.sh/hook: pre-upgrade', 'helm.sh/hook-delete-policy: before-hook-creation']);

export const movedByRelease: Rule = {
  code: 'moved-by-release',
  level: 'error',
  title: 'an object moves between the manifest and the hooks of a release',
  why: 'Helm compares the manifests of two releases, and hooks are no part of them. An object that becomes a hook is gone from the manifest, so the upgrade deletes it, after the pre-upgrade hook that has just created it. A hook that becomes an ordinary object is still there from the last release and belongs to none, so the upgrade refuses to take it.',
  source: 'helm v3.21 and v4.2 pkg/kube/client.go Update, pkg/action/validate.go; issue 11608',
  fix: 'give the object another name where it changes its place; or let the hook carry helm.sh/resource-policy: keep',
  bad: HOOK_ACCOUNT,
  good: HOOK_ACCOUNT.replace('name: migrate', 'name: migrate-hook'),
  needs: { engine: 'helm', previous: [{ file: 'previous.yaml', text: exampleObject('v1', 'ServiceAccount', 'migrate') }] },
  *check({ forHelm, objects, previous }) {
    if (!forHelm || previous.length === 0) return;
    const before = new Map(previous.map((one) => [identityOf(one), one]));
    for (const object of objects) {
      const old = before.get(identityOf(object));
      if (!old || !object.name || old.helm.isHook === object.helm.isHook) continue;
      const message = object.helm.isHook ? becomesHook(object) : becomesOrdinary(old);
      if (message) yield { object, ...(object.helm.isHook && { path: annotationPath(HELM_HOOK) }), message };
    }
  },
};

/** Helm looks for the policy at what lives when it deletes: the hook. */
function becomesHook({ annotations }: Manifest): string | undefined {
  return annotations[HELM_RESOURCE_POLICY] === 'keep' ? undefined : 'was an ordinary object in the release before: the upgrade deletes it';
}

/** Whether the hook is still there. */
function becomesOrdinary({ helm }: Manifest): string | undefined {
  return helm.policies.includes('HookSucceeded') ? undefined : 'was a hook in the release before and is still there: the upgrade refuses to take it over';
}
