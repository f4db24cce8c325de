import type { PlainObject, RandomSet } from './random-set.ts';

/** Cases for Argo CD that the random sets do not hold. */
export const edgeSets: Readonly<Record<string, RandomSet>> = {
  'hooks with only a generateName': setOf({ objects: [job({ generateName: 'check-' }, { hook: 'PreSync,PostSync' }), job({ generateName: 'a-' }, { hook: 'PreSync', 'sync-wave': '-3' }), job({ name: 'b' }, { hook: 'PreSync' })] }),
  'a prune that waits for a confirmation': setOf({ objects: [object('ConfigMap', 'new')], live: [object('ConfigMap', 'old', { 'sync-options': 'Prune=confirm' })] }),
  'SyncFail hooks of several waves run at once': setOf({
    objects: [job({ name: 'fails' }, { hook: 'Sync' }), ...['1', '2', '3'].map((wave) => job({ name: `rescue-${wave}` }, { hook: 'SyncFail', 'sync-wave': wave })), object('Secret', 'later', { 'sync-wave': '4' })],
    failing: ['fails'],
  }),
  'a failing object of the last wave goes unnoticed': setOf({ objects: [object('ConfigMap', 'first', { 'sync-wave': '-1' }), object('Secret', 'fails')], failing: ['fails'] }),
  'a failing object before a PostSync hook': setOf({ objects: [object('Secret', 'fails'), job({ name: 'after' }, { hook: 'PostSync' })], failing: ['fails'] }),
  'a tracked object that becomes a Sync hook of a later wave is pruned and not run': setOf({ objects: [object('Secret', 'other'), job({ name: 'moved' }, { hook: 'Sync', 'sync-wave': '2' })], live: [object('Secret', 'other'), job({ name: 'moved' }, {})] }),
  'nothing at all': setOf({ objects: [] }),
};

/** And for Helm. */
export const helmEdgeSets: Readonly<Record<string, RandomSet>> = {
  'a List comes last, in its own order, and its items are no hooks': setOf({
    objects: [listOf(object('Secret', 'listed'), hook('listed-hook'), object('Secret', 'listed-later'), object('ConfigMap', 'listed-last')), hook('hook'), object('ConfigMap', 'plain')],
  }),
  'a List of a release that is upgraded': setOf({
    objects: [listOf(object('Secret', 'kept'), hook('listed-hook')), object('ConfigMap', 'plain')],
    live: [listOf(object('Secret', 'kept', { 'sync-wave': '1' }, 'dest'), object('Secret', 'dropped', {}, 'dest'))],
  }),
};

function listOf(...items: readonly PlainObject[]): PlainObject {
  return { apiVersion: 'v1', kind: 'List', metadata: {}, items };
}

function hook(name: string): PlainObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations: { 'helm.sh/hook': 'pre-install,pre-upgrade' } } };
}

function setOf(set: Partial<RandomSet>): RandomSet {
  const live = (set.live ?? []).map((one) => ({ ...one, metadata: { namespace: 'dest', ...one.metadata } }));
  return { objects: [], failing: [], prune: true, pruneLast: false, createNamespace: false, ...set, live };
}

function job(metadata: PlainObject['metadata'], annotations: Readonly<Record<string, string>>): PlainObject {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { ...metadata, annotations: prefixed(annotations) } };
}

function object(kind: 'ConfigMap' | 'Secret', name: string, annotations: Readonly<Record<string, string>> = {}, namespace?: string): PlainObject {
  return { apiVersion: 'v1', kind, metadata: { name, ...(namespace && { namespace }), annotations: prefixed(annotations) } };
}

function prefixed(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`argocd.argoproj.io/${key}`, value]));
}
