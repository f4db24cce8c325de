import type { Manifest } from '../manifests/manifest.ts';
import { identityOf } from '../manifests/scope.ts';
import type { Group, Judge, Moment, Prediction } from '../prediction.ts';
import { RESOURCE_POLICY } from './annotations.ts';
import { runHooks, type HookRun } from './hook-run.ts';
import { compareKinds, type HelmMajor } from './order.ts';

/** Where Helm is: at the hooks of an event with one weight, at the deletions after an event, or at the release's own objects. */
export type HelmMoment = { readonly event: string; readonly weight: number } | { readonly after: string } | 'release';

export interface HelmOptions {
  /** @default 4 */
  readonly major?: HelmMajor;
  /** Namespace of the release, for objects that name none. @default default */
  readonly namespace?: string;
  /** What the release consists of now, hooks included; Helm upgrades it. @default none: Helm installs */
  readonly previous?: readonly Manifest[];
  /** What is in the cluster besides the release's own objects: hooks that earlier runs have left. @default with `previous`: what its install leaves */
  readonly left?: readonly Manifest[];
  /** Which hooks fail. @default none */
  readonly failing?: Judge;
}

/**
 * Predicts `helm install` or `helm upgrade` without --wait and with the method of applying that is the default of each Helm (helm v3.21.4 and v4.2.4,
 * pkg/action/{install,upgrade,hooks}.go, pkg/kube/client.go).
 * @param objects in the order in which Helm renders them: by path, then by place in the file. A List counts as one object of kind List, but where it is a hook, each of its items is predicted as one
 */
export function predictHelm(objects: readonly Manifest[], options: HelmOptions = {}): Prediction<HelmMoment> {
  const { major = 4, namespace = 'default', previous, failing = () => false } = options;
  const idOf = (one: Manifest): string => identityOf(one, namespace);
  const left = options.left ?? (previous ? leftBy(previous, { major, namespace }) : []);
  const old = previous ? releaseOf(previous, major) : [];
  const live = new Map([...left, ...old].map((one) => [idOf(one), one]));
  const release = releaseOf(objects, major);
  const owned = new Set(old.map(idOf));
  const foreign = release.find((one) => live.has(idOf(one)) && !owned.has(idOf(one)));
  if (foreign) return { moments: [], outcome: 'refused', reason: `${foreign.kind} ${foreign.name} exists and does not belong to the release` };
  const hooks = objects.filter(({ helm }) => helm.isHook && helm.unknown.length === 0).sort((a, b) => compareKinds(a.kind, b.kind, major));
  const run = (event: string): HookRun => runHooks(event, hooks, { major, live, idOf, failing });
  const name = previous ? 'upgrade' : 'install';
  const before = run(`pre-${name}`);
  if (before.failed) return { moments: before.moments, outcome: 'failed', reason: before.failed };
  const own = previous ? updated(old, release, live, idOf) : created(release, live, idOf);
  const moments: readonly Moment<HelmMoment>[] = [...before.moments, ...(own.length > 0 ? [{ at: 'release', groups: own, waitsFor: [] } as const] : [])];
  const after = run(`post-${name}`);
  const all = [...moments, ...after.moments];
  return after.failed ? { moments: all, outcome: 'failed', reason: after.failed } : { moments: all, outcome: 'succeeded' };
}

/** The hooks of a release that are still there after its install. */
function leftBy(previous: readonly Manifest[], { major, namespace }: { readonly major: HelmMajor; readonly namespace: string }): readonly Manifest[] {
  const left = new Map<string, Manifest>();
  for (const { groups } of predictHelm(previous, { major, namespace }).moments) {
    for (const { action, objects } of groups) {
      for (const one of objects) {
        if (action === 'delete') left.delete(identityOf(one, namespace));
        else if (one.helm.isHook) left.set(identityOf(one, namespace), one);
      }
    }
  }
  return [...left.values()];
}

function releaseOf(objects: readonly Manifest[], major: HelmMajor): readonly Manifest[] {
  return objects.filter(({ helm }) => !helm.isHook).sort((a, b) => compareKinds(a.documentKind, b.documentKind, major));
}

/** An install creates all objects of a kind that follow each other at once. */
function created(release: readonly Manifest[], live: Map<string, Manifest>, idOf: (one: Manifest) => string): readonly Group[] {
  for (const one of release) live.set(idOf(one), one);
  const starts = release.flatMap(({ kind }, index) => (kind === release[index - 1]?.kind ? [] : [index]));
  return starts.map((start, index) => ({ action: 'apply', objects: release.slice(start, starts[index + 1]), order: 'parallel' }));
}

/** An upgrade takes one object after the other, then deletes those that are no longer in the release and not to be kept. */
function updated(old: readonly Manifest[], release: readonly Manifest[], live: Map<string, Manifest>, idOf: (one: Manifest) => string): readonly Group[] {
  for (const one of release) live.set(idOf(one), one);
  const wanted = new Set(release.map(idOf));
  const gone = old.filter((one) => {
    const found = live.get(idOf(one));
    return found && !wanted.has(idOf(one)) && found.annotations[RESOURCE_POLICY] !== 'keep' && live.delete(idOf(one));
  });
  return [
    ...(release.length > 0 ? [{ action: 'apply', objects: release, order: 'sequence' } as const] : []),
    ...(gone.length > 0 ? [{ action: 'delete', because: 'pruned', objects: gone, order: 'sequence' } as const] : []),
  ];
}
