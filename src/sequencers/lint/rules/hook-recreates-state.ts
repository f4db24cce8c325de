import { annotationPath, HELM_DELETE_POLICY, HOOK_DELETE_POLICY } from '../../manifests/keys.ts';
import type { Rule } from '../rule.ts';
import { exampleObject } from '../example.ts';

/** What is lost, or open, between deletion and creation. */
const PRECIOUS: ReadonlyMap<string, string> = new Map([
  ['NetworkPolicy', 'traffic is cut or let through in between'],
  ['GlobalNetworkPolicy', 'traffic is cut or let through in between'],
  ['PersistentVolumeClaim', 'its data are deleted'],
  ['PersistentVolume', 'its data may be deleted'],
  ['Namespace', 'everything in it is deleted'],
  ['CustomResourceDefinition', 'all objects of its kind are deleted'],
]);

/** Of these nothing is left to mend a failed sync with. */
const HELD: ReadonlySet<string> = new Set(['PersistentVolumeClaim', 'PersistentVolume', 'Namespace']);

export const hookRecreatesState: Rule = {
  code: 'hook-recreates-state',
  level: 'error',
  title: 'a hook deletes what must not be deleted',
  why: 'BeforeHookCreation deletes the object at every sync and every retry, under Helm at every release, before it is created again. For a network policy, a volume, a namespace or a custom resource definition that is an outage or loss of data. HookFailed is as bad for a namespace or a volume: when anything in the sync fails, Argo CD deletes every hook that says so, also one that has succeeded; Helm deletes only the hook that has failed.',
  source: 'argo-cd v3.2 gitops-engine pkg/sync/sync_context.go (deletion before creation; deleteHooks after a failure); issues 3837, 6112; helm v4.2 pkg/action/hooks.go (deleteHookByPolicy: never a custom resource definition)',
  fix: 'make it an ordinary object of the application, or let a Job create it when it is due; a temporary object may say HookSucceeded: Argo CD keeps it until the sync has succeeded, Helm only until the event is over',
  bad: exampleObject('networking.k8s.io/v1', 'NetworkPolicy', 'allow-all', ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'], 'spec:', '  podSelector: {}', '  ingress: [{}]'),
  good: exampleObject('networking.k8s.io/v1', 'NetworkPolicy', 'allow-all', ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: HookSucceeded'], 'spec:', '  podSelector: {}', '  ingress: [{}]'),
  *check({ anyHooks, forArgo }) {
    for (const object of anyHooks) {
      const loss = PRECIOUS.get(object.kind);
      if (!loss) continue;
      const isOfArgo = forArgo && object.argo.phases.length > 0;
      const policies = isOfArgo ? object.argo.policies : object.kind === 'CustomResourceDefinition' ? [] : object.helm.policies;
      const path = annotationPath(object.annotations[HOOK_DELETE_POLICY] === undefined ? HELM_DELETE_POLICY : HOOK_DELETE_POLICY);
      if (policies.includes('BeforeHookCreation')) yield { object, path, message: `deleted and created again each time: ${loss}` };
      else if (isOfArgo && HELD.has(object.kind) && policies.includes('HookFailed')) yield { object, path, message: `deleted when a sync fails: ${loss}` };
    }
  },
};
