import { kindRank } from '../argo/kind-order.ts';
import { comparePositions } from '../argo/position.ts';
import { compareKinds } from '../helm/order.ts';
import { at, list } from '../manifests/json.ts';
import type { Manifest, Path } from '../manifests/manifest.ts';
import { describePosition, positionsOf, type ManifestSet } from './model.ts';
import { podReferences, type PodReference } from './pods.ts';
import { HELM_PHASES } from '../manifests/reading.ts';

/** What a Pod needs: objects that it names, and a binding that names its account. */
export interface Reference {
  readonly kind: PodReference['kind'] | 'binding';
  readonly name: string;
  readonly path: Path;
}

export function references(object: Manifest): readonly Reference[] {
  const named = podReferences(object);
  const account = named.find(({ kind }) => kind === 'ServiceAccount');
  if (!account || !(object.argo.isHook || object.helm.isHook)) return named;
  return [...named, { kind: 'binding', name: account.name, path: account.path }];
}

/** Objects of the set that may be meant; an empty namespace is that of the destination and matches any. */
export function providers({ kind, name }: Reference, { namespace }: Manifest, set: ManifestSet): readonly Manifest[] {
  if (kind === 'binding') return set.bindingsOf(name).filter((one) => binds(one, name, namespace));
  return set.named(kind, name).filter((one) => one.group === '' && sameNamespace(one.namespace, namespace));
}

function binds({ object }: Manifest, account: string, namespace: string): boolean {
  return list(at(object, 'subjects')).some((subject) => at(subject, 'kind') === 'ServiceAccount' && at(subject, 'name') === account && sameNamespace(String(at(subject, 'namespace') ?? ''), namespace));
}

function sameNamespace(a: string, b: string): boolean {
  return a === b || a === '' || b === '';
}

/** Says when Argo CD applies what an object needs, if that is too late; `undefined` when it is in time. */
export function whenApplied(object: Manifest, found: readonly Manifest[]): string | undefined {
  const offered = found.flatMap((one) => positionsOf(one).map((position) => ({ position, rank: kindRank(one.kind) })));
  for (const position of positionsOf(object)) {
    const inTime = offered.some((one) => comparePositions(one.position, position) < 0 || (comparePositions(one.position, position) === 0 && one.rank <= kindRank(object.kind)));
    if (!inTime) return offered[0] ? `is applied in ${describePosition(offered[0].position)}, after ${describePosition(position)}` : 'is never applied by a sync';
  }
  return undefined;
}

/** The same for Helm: hooks of an event run by weight, then by name, then by kind; the release's own objects stand between `pre-` and `post-`. */
export function whenHelmRuns(object: Manifest, found: readonly Manifest[]): string | undefined {
  if (!object.helm.isHook) return undefined;
  for (const event of object.helm.events.filter((one) => HELM_PHASES.has(one))) {
    if (found.some((one) => isBefore(one, object, event))) continue;
    return found.some((one) => one.helm.events.includes(event)) ? `Helm creates after it in ${event}: it sorts hooks by weight, then by name` : `Helm creates after ${event}`;
  }
  return undefined;
}

function isBefore(one: Manifest, object: Manifest, event: string): boolean {
  if (!one.helm.isHook) return event !== 'pre-install';
  const from = one.helm;
  if (from.events.includes(event)) return runsFirst(one, object);
  return event.startsWith('post-') && from.events.includes(event.replace('post-', 'pre-')) && !from.policies.includes('HookSucceeded');
}

/** Order of two hooks of an event. Kinds count only between hooks of one weight and one name: an account and a Job that are called the same run in the right order. */
export function runsFirst(a: Manifest, b: Manifest): boolean {
  if (a.helm.weight !== b.helm.weight) return a.helm.weight < b.helm.weight;
  return a.name === b.name ? compareKinds(a.kind, b.kind, 3) < 0 : a.name < b.name;
}

/** Whether an object of another kind makes it: a sealed or external secret, a certificate; or every namespace has it. */
export function isMadeByOthers({ kind, name }: Reference, set: ManifestSet): boolean {
  if (name === 'kube-root-ca.crt') return true;
  if (kind !== 'Secret') return false;
  return set.objects.some((one) => {
    if (one.kind === 'SealedSecret' || one.kind === 'ExternalSecret') return one.name === name || at(one.object, 'spec', 'target', 'name') === name;
    return one.kind === 'Certificate' && at(one.object, 'spec', 'secretName') === name;
  });
}
