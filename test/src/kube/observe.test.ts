import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/kube/cluster.ts';
import { CONFIG_MAPS } from '../../../src/kube/resources.ts';
import { answer, listOf, refuse, stubApiServer } from './stub-api-server.ts';

const map = (name: string, resourceVersion: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'n', resourceVersion } });
const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
const seenAs = (objects: readonly KubeObject[]): string => objects.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).join(' ');

/** Answers lists and watches one after the other; a watch stays open after the last. */
function script(lists: readonly object[], watches: readonly ((response: ServerResponse) => void)[]) {
  let list = 0;
  let watch = 0;
  return stubApiServer(({ query }, response) => {
    if (query.get('watch')) watches[watch++]?.(response);
    else answer(response, lists[Math.min(list++, lists.length - 1)]);
  });
}

async function take(count: number, snapshots: AsyncIterable<readonly KubeObject[]>): Promise<readonly string[]> {
  const taken: string[] = [];
  for await (const snapshot of snapshots) {
    taken.push(seenAs(snapshot));
    if (taken.length === count) break;
  }
  return taken;
}

const forever = new AbortController().signal;

test('the list comes first, then each change; lines may be cut anywhere, even inside a character', async () => {
  const { cluster, seen } = await script([listOf([map('b', '1'), map('a', '2')], '10')], [
    (response) => {
      const bytes = Buffer.from(line('MODIFIED', { ...map('a', '11'), data: { text: 'größer' } }) + line('BOOKMARK', { metadata: { resourceVersion: '12' } }) + line('DELETED', map('b', '13')));
      const middle = bytes.indexOf('ß') + 1;
      response.writeHead(200);
      response.write(bytes.subarray(0, middle));
      setTimeout(() => response.write(bytes.subarray(middle, middle + 20)), 30);
      setTimeout(() => response.write(bytes.subarray(middle + 20)), 60);
    },
  ]);
  const snapshots = cluster.observe<KubeObject & { data?: { text: string } }>(CONFIG_MAPS, { namespace: 'n' }, forever);
  const texts: (string | undefined)[] = [];
  const last: string[] = [];
  for await (const snapshot of snapshots) {
    texts.push(snapshot[0]?.data?.text);
    last.push(seenAs(snapshot));
    if (last.at(-1) === 'a@11') break;
  }
  expect(last[0]).toBe('a@2 b@1');
  expect(texts.at(-1)).toBe('größer');
  expect(seen[1]?.query.get('resourceVersion')).toBe('10');
  expect(seen[1]?.query.get('allowWatchBookmarks')).toBe('true');
});

test('objects come without their managed fields, which take more room than all the rest', async () => {
  const owned = (version: string) => ({ metadata: { name: 'a', namespace: 'n', resourceVersion: version, managedFields: [{ manager: 'kubelet' }] } });
  const { cluster } = await script([listOf([owned('1')], '10')], [(response) => response.write(line('MODIFIED', owned('11')))]);
  const keys: string[] = [];
  for await (const [object] of cluster.observe(CONFIG_MAPS, { namespace: 'n' }, forever)) {
    keys.push(Object.keys(object?.metadata ?? {}).join());
    if (object?.metadata.resourceVersion === '11') break;
  }
  expect(new Set(keys)).toEqual(new Set(['name,namespace,resourceVersion']));
});

test('a watch that ends goes on from the last version, bookmarks included, without a list', async () => {
  const { cluster, seen } = await script([listOf([], '10')], [
    (response) => response.end(line('BOOKMARK', { metadata: { resourceVersion: '20' } })),
    (response) => response.write(line('ADDED', map('a', '21'))),
  ]);
  expect(await take(2, cluster.observe(CONFIG_MAPS, { namespace: 'n' }, forever))).toEqual(['', 'a@21']);
  expect(seen.map(({ query }) => query.get('resourceVersion'))).toEqual([null, '10', '20']);
});

for (const [how, expire] of [
  ['as an answer', (response: ServerResponse) => refuse(response, 410, 'Expired', 'too old')],
  ['as an event', (response: ServerResponse) => response.end(line('ERROR', { code: 410, reason: 'Expired', message: 'too old' }))],
] as const) {
  test(`410 ${how} lists again`, async () => {
    const { cluster, seen } = await script([listOf([map('a', '1')], '10'), listOf([map('b', '30')], '30')], [expire, (response) => response.flushHeaders()]);
    expect(await take(2, cluster.observe(CONFIG_MAPS, { namespace: 'n' }, forever))).toEqual(['a@1', 'b@30']);
    expect(seen.filter(({ query }) => !query.get('watch'))).toHaveLength(2);
  });
}

test('a dropped watch lists again, and an unchanged list is no news', async () => {
  const { cluster, seen } = await script([listOf([map('a', '1')], '10')], [
    (response) => {
      response.write(line('BOOKMARK', { metadata: { resourceVersion: '11' } }), () => response.socket?.destroy());
    },
    (response) => response.write(line('ADDED', map('b', '12'))),
  ]);
  expect(await take(2, cluster.observe(CONFIG_MAPS, { namespace: 'n' }, forever))).toEqual(['a@1', 'a@1 b@12']);
  expect(seen.filter(({ query }) => !query.get('watch'))).toHaveLength(2);
});

test('changes that come while the reader is busy arrive as one snapshot', async () => {
  const { cluster } = await script([listOf([], '1')], [(response) => response.write(['2', '3', '4'].map((version) => line('ADDED', map(`m${version}`, version))).join(''))]);
  const taken: string[] = [];
  for await (const snapshot of cluster.observe(CONFIG_MAPS, { namespace: 'n' }, forever)) {
    taken.push(seenAs(snapshot));
    if (taken.length === 2) break;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  expect(taken).toEqual(['', 'm2@2 m3@3 m4@4']);
});

test('an abort ends it without an error and closes the watch', async () => {
  const stop = new AbortController();
  let closed: () => void;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const { cluster } = await script([listOf([], '1')], [
    (response) => {
      response.flushHeaders();
      response.on('close', () => closed());
      setTimeout(() => stop.abort(), 20);
    },
  ]);
  const taken: string[] = [];
  for await (const snapshot of cluster.observe(CONFIG_MAPS, { namespace: 'n' }, stop.signal)) taken.push(seenAs(snapshot));
  expect(taken).toEqual(['']);
  await isClosed;
});

test('a missing right is thrown to the reader', async () => {
  const { cluster } = await stubApiServer((_seen, response) => refuse(response, 403, 'Forbidden', 'cannot watch'));
  await expect(take(1, cluster.observe(CONFIG_MAPS, { namespace: 'n' }, forever))).rejects.toMatchObject({ status: 403 });
});
