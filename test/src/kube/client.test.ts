import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { clusterAt, connect } from '../../../src/kube/client.ts';
import { ApiError, ApiUnavailable, isAlreadyExists } from '../../../src/kube/errors.ts';
import { CONFIG_MAPS, NODES } from '../../../src/kube/resources.ts';
import type { RetryOptions } from '../../../src/kube/retry.ts';
import { systemClock } from '../../../src/kube/system-clock.ts';
import { manualClock } from '../../fake-context.ts';
import { answer, listOf, refuse, stubApiServer } from './stub-api-server.ts';

const MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n', uid: 'u1', resourceVersion: '7' } };

describe('answers', () => {
  test('404 of a get is undefined; of a write it is an error', async () => {
    const { cluster } = await stubApiServer((_seen, response) => refuse(response, 404, 'NotFound', 'configmaps "a" not found'));
    expect(await cluster.get(CONFIG_MAPS, 'a', 'n')).toBeUndefined();
    await expect(cluster.replace(CONFIG_MAPS, MAP)).rejects.toMatchObject({ status: 404, reason: 'NotFound' });
  });

  test('a list reads all pages, names its items and leaves their managed fields out', async () => {
    const { cluster, seen } = await stubApiServer(({ query }, response) =>
      answer(response, query.get('continue') ? listOf([{ metadata: { name: 'b' } }], '5') : listOf([{ metadata: { name: 'a', managedFields: [{ manager: 'kubelet' }] } }], '5', 'next')),
    );
    const nodes = await cluster.list(NODES, { labels: 'a=b', fields: 'metadata.name!=x' });
    expect(nodes).toEqual([
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'b' } },
    ]);
    expect(seen.map(({ query }) => [query.get('limit'), query.get('continue'), query.get('labelSelector'), query.get('fieldSelector')])).toEqual([
      ['500', null, 'a=b', 'metadata.name!=x'],
      ['500', 'next', 'a=b', 'metadata.name!=x'],
    ]);
  });

  test('a list begins anew when its continue token has expired', async () => {
    let expired = false;
    const { cluster } = await stubApiServer(({ query }, response) => {
      if (query.get('continue') && !expired) {
        expired = true;
        refuse(response, 410, 'Expired', 'too old');
      } else if (query.get('continue')) answer(response, listOf([{ metadata: { name: 'b' } }], '6'));
      else answer(response, listOf([{ metadata: { name: 'a', managedFields: [{ manager: 'kubelet' }] } }], '5', 'next'));
    });
    expect((await cluster.list(NODES)).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });

  test('groups are those of /apis', async () => {
    const { cluster, seen } = await stubApiServer((_seen, response) => answer(response, { groups: [{ name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] }] }));
    expect(await cluster.groups()).toEqual([{ name: 'apps', versions: ['v1'] }]);
    expect(seen[0]?.path).toBe('/apis');
  });

  test('logs are text', async () => {
    const { cluster, seen } = await stubApiServer((_seen, response) => response.end('one\ntwo\n'));
    expect(await cluster.logs('n', 'p', { container: 'c', tailLines: 2 })).toBe('one\ntwo\n');
    expect([seen[0]?.path, seen[0]?.query.toString()]).toEqual(['/api/v1/namespaces/n/pods/p/log', 'container=c&tailLines=2']);
  });
});

describe('preconditions', () => {
  test('a merge patch carries the resourceVersion beside its own metadata', async () => {
    const { cluster, seen } = await stubApiServer((_seen, response) => answer(response, MAP));
    await cluster.mergePatch(CONFIG_MAPS, MAP, { metadata: { labels: { a: null } }, data: { k: 'v' } });
    expect(seen[0]).toMatchObject({ method: 'PATCH', path: '/api/v1/namespaces/n/configmaps/a', contentType: 'application/merge-patch+json', body: { metadata: { labels: { a: null }, resourceVersion: '7' }, data: { k: 'v' } } });
  });

  test('a delete carries the uid', async () => {
    const { cluster, seen } = await stubApiServer((_seen, response) => answer(response, { kind: 'Status', status: 'Success' }));
    expect(await cluster.delete(CONFIG_MAPS, MAP)).toBe(true);
    expect(seen[0]?.body).toMatchObject({ propagationPolicy: 'Background', preconditions: { uid: 'u1' } });
  });

  test('a delete is false when the object is gone, or another one has its name', async () => {
    const gone = await stubApiServer((_seen, response) => refuse(response, 404, 'NotFound', 'gone'));
    const another = await stubApiServer(({ method }, response) => (method === 'DELETE' ? refuse(response, 409, 'Conflict', 'uid') : answer(response, { ...MAP, metadata: { ...MAP.metadata, uid: 'u2' } })));
    expect([await gone.cluster.delete(CONFIG_MAPS, MAP), await another.cluster.delete(CONFIG_MAPS, MAP)]).toEqual([false, false]);
  });

  test('a write without the version that was read is refused before it is sent', async () => {
    const { cluster, seen } = await stubApiServer((_seen, response) => answer(response, MAP));
    const bare = { ...MAP, metadata: { name: 'a', namespace: 'n' } };
    expect(() => cluster.replace(CONFIG_MAPS, bare)).toThrow(/resourceVersion/);
    await expect(cluster.delete(CONFIG_MAPS, bare)).rejects.toThrow(/uid/);
    expect(seen).toEqual([]);
  });
});

describe('retries', () => {
  test('429 is repeated after Retry-After', async () => {
    let calls = 0;
    const { cluster } = await stubApiServer((_seen, response) => (++calls === 1 ? refuse(response, 429, 'TooManyRequests', 'busy', { 'retry-after': '0.3' }) : answer(response, MAP)));
    const started = performance.now();
    await cluster.get(CONFIG_MAPS, 'a', 'n');
    expect(calls).toBe(2);
    expect(performance.now() - started).toBeGreaterThanOrEqual(290);
  });

  test('logs of a node that does not answer are given up at once where another try would take longer', async () => {
    let calls = 0;
    const { cluster } = await stubApiServer((_seen, response) => {
      calls++;
      refuse(response, 503, 'ServiceUnavailable', 'no kubelet', { 'retry-after': '5' });
    });
    await expect(cluster.logs('n', 'p')).rejects.toBeInstanceOf(ApiUnavailable);
    expect(calls).toBe(1);
  });

  test('a reset connection, a cut answer and 503 are repeated, for reads and for writes', async () => {
    let calls = 0;
    const { cluster } = await stubApiServer((_seen, response) => {
      calls++;
      if (calls % 4 === 1) response.socket?.destroy();
      else if (calls % 4 === 2) {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"apiVersion"', () => response.socket?.destroy());
      } else if (calls % 4 === 3) refuse(response, 503, 'ServiceUnavailable', 'starting');
      else answer(response, MAP);
    });
    expect(await cluster.get(CONFIG_MAPS, 'a', 'n')).toEqual(MAP);
    expect(await cluster.replace(CONFIG_MAPS, MAP)).toEqual(MAP);
    expect(calls).toBe(8);
  });

  test('a create whose answer was lost says that the object exists', async () => {
    let stored = false;
    const { cluster } = await stubApiServer((_seen, response) => {
      if (stored) return refuse(response, 409, 'AlreadyExists', 'configmaps "a" already exists');
      stored = true;
      return void response.socket?.destroy();
    });
    expect(isAlreadyExists(await cluster.create(CONFIG_MAPS, MAP).catch((error: unknown) => error))).toBe(true);
  });

  test('403, 409 and 422 are not repeated', async () => {
    for (const status of [403, 409, 422]) {
      const { cluster, seen } = await stubApiServer((_seen, response) => refuse(response, status, 'Because', 'no'));
      const error = await cluster.get(CONFIG_MAPS, 'a', 'n').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ApiError);
      expect([(error as ApiError).status, (error as ApiError).message, seen.length]).toEqual([status, `GET /api/v1/namespaces/n/configmaps/a: ${status} no`, 1]);
    }
  });

  describe('403 after an outage', () => {
    /** What the server does at each call, counted from 1; only sleeping moves the clock. */
    async function playing(play: (call: number) => 'away' | 'denies' | 'answers', options: Partial<RetryOptions> = {}) {
      const clock = manualClock(0, 'auto');
      const { cluster, seen } = await stubApiServer(
        (_seen, response) => {
          const does = play(seen.length);
          if (does === 'away') response.socket?.destroy();
          else if (does === 'denies') refuse(response, 403, 'Forbidden', 'not yet');
          else answer(response, MAP);
        },
        { clock, ...options },
      );
      return { clock, seen, ask: () => cluster.get(CONFIG_MAPS, 'a', 'n').catch((error: unknown) => error) };
    }

    test('is repeated while the API server may still be reading its roles, and no longer', async () => {
      const starting = await playing((call) => (call === 1 ? 'away' : call <= 4 ? 'denies' : 'answers'));
      const denied = await playing((call) => (call === 1 ? 'away' : 'denies'));
      expect(await starting.ask()).toEqual(MAP);
      expect(await denied.ask()).toMatchObject({ name: 'ApiError', status: 403 });
      expect(denied.clock.now()).toBeGreaterThan(14_000);
      expect(denied.clock.now()).toBeLessThan(20_000);
    });

    test('is no lasting error where the bound ends first', async () => {
      const { ask } = await playing((call) => (call === 1 ? 'away' : 'denies'), { boundMs: 5_000 });
      expect(await ask()).toMatchObject({ name: 'ApiUnavailable', cause: { status: 403 } });
    });

    test('is repeated for the first request of all where the outage may have been before it', async () => {
      const { ask, seen } = await playing((call) => (call <= 2 ? 'denies' : 'answers'), { outage: { at: 0 } });
      expect(await ask()).toEqual(MAP);
      expect(seen).toHaveLength(3);
    });

    test('is repeated for the request after the one that has met the outage, too', async () => {
      const { ask, seen } = await playing((call) => (call === 1 ? 'away' : call === 3 ? 'denies' : 'answers'));
      expect([await ask(), await ask()]).toEqual([MAP, MAP]);
      expect(seen).toHaveLength(4);
    });
  });

  test('after the bound the API counts as unavailable, with the last answer as the cause', async () => {
    const { cluster, seen } = await stubApiServer((_seen, response) => refuse(response, 500, 'InternalError', 'etcd is down'), { boundMs: 400 });
    const error = await cluster.get(CONFIG_MAPS, 'a', 'n').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiUnavailable);
    expect((error as ApiUnavailable).message).toContain('etcd is down');
    expect((error as ApiUnavailable).cause).toMatchObject({ status: 500 });
    expect(seen.length).toBeGreaterThan(1);
  });

  test('a server that never answers is given up', async () => {
    const { cluster } = await stubApiServer(() => undefined, { boundMs: 0, attemptMs: 100 });
    await expect(cluster.get(CONFIG_MAPS, 'a', 'n')).rejects.toThrow(/no answer in time/);
  });

  test('once aborted, a call in flight ends soon and nothing is repeated', async () => {
    const stop = new AbortController();
    const { cluster, seen } = await stubApiServer(() => stop.abort(), { signal: stop.signal, hurryMs: 100 });
    const started = performance.now();
    await expect(cluster.get(CONFIG_MAPS, 'a', 'n')).rejects.toBeInstanceOf(ApiUnavailable);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(seen).toHaveLength(1);
  });

  test('a server that comes back is found again', async () => {
    const reserved = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => reserved.once('listening', resolve));
    const { port } = reserved.address() as AddressInfo;
    await new Promise((resolve) => reserved.close(resolve));
    const { Agent, createServer: createHttp } = await import('node:http');
    const agent = new Agent({ keepAlive: true });
    const cluster = clusterAt({ url: new URL(`http://127.0.0.1:${port}`), options: async () => ({ headers: {}, agent }), close: () => agent.destroy() }, { clock: systemClock });
    const pending = cluster.get(CONFIG_MAPS, 'a', 'n');
    const server = createHttp((_request, response) => answer(response, MAP));
    onTestFinished(() => {
      agent.destroy();
      server.close();
    });
    setTimeout(() => server.listen(port, '127.0.0.1'), 500);
    expect(await pending).toEqual(MAP);
  });
});

describe('connect', () => {
  test('reads server, token and context of a kubeconfig', async () => {
    const { url, seen } = await stubApiServer((_seen, response) => answer(response, MAP));
    const kubeconfig = join(folder(), 'config');
    writeFileSync(kubeconfig, kubeconfigOf(url));
    const cluster = await connect({ kubeconfig, context: 'right' });
    expect(await cluster.get(CONFIG_MAPS, 'a', 'n')).toEqual(MAP);
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer secret']);
    await expect(connect({ kubeconfig, context: 'wrong' })).rejects.toThrow('the kubeconfig has no context wrong with a cluster; it has: right');
  });

  test('a kubeconfig that is not there is named, with a way on', async () => {
    await expect(connect({ kubeconfig: '/none/config' })).rejects.toThrow(/kubeconfig \/none\/config can't be read: ENOENT.*; pass another with --kubeconfig/);
  });

  test('a kubeconfig that is no YAML is named with the line, and nothing of it is repeated', async () => {
    const kubeconfig = join(folder(), 'config');
    writeFileSync(kubeconfig, 'users:\n- name: u\n  user:\n    token: TOPSECRET\n   password: HUNTER2\n');
    const error = await connect({ kubeconfig }).catch((thrown: unknown) => thrown as Error);
    expect(error).toHaveProperty('message', `kubeconfig ${kubeconfig} can't be read: bad indentation of a mapping entry (5:4); pass another with --kubeconfig`);
    expect(inspect(error)).not.toMatch(/TOPSECRET|HUNTER2/);
  });

  test.each([
    ['*TOPSECRET', 'unidentified alias (3:27)'],
    ['!TOPSECRET x', 'unknown tag (3:29)'],
    ['!TOP"SEC>RET" x', 'tag name cannot contain such characters (3:30)'],
  ])('a kubeconfig whose token is %s is named with the line alone', async (token, reason) => {
    const kubeconfig = join(folder(), 'config');
    writeFileSync(kubeconfig, `users:\n- name: u\n  user: {token: ${token}}\n`);
    const error = await connect({ kubeconfig }).catch((thrown: unknown) => thrown as Error);
    expect(inspect(error)).not.toMatch(/TOP|RET/);
    expect(error).toHaveProperty('message', `kubeconfig ${kubeconfig} can't be read: ${reason}; pass another with --kubeconfig`);
  });

  test('a server that is no URL is named, with its cluster', async () => {
    const kubeconfig = join(folder(), 'config');
    writeFileSync(kubeconfig, kubeconfigOf('not a url'));
    await expect(connect({ kubeconfig, context: 'right' })).rejects.toThrow('cluster c of the kubeconfig has the server "not a url", which is no URL; write it as https://HOST:PORT');
  });

  test('credentials that fail are an error at once', async () => {
    const kubeconfig = join(folder(), 'config');
    writeFileSync(kubeconfig, kubeconfigOf('http://127.0.0.1:1').replace('insecure-skip-tls-verify: true', 'insecure-skip-tls-verify: false'));
    const cluster = await connect({ kubeconfig, context: 'right' });
    await expect(cluster.get(CONFIG_MAPS, 'a', 'n')).rejects.toThrow(/no credentials for http:\/\/127.0.0.1:1/);
  });
});

function kubeconfigOf(server: string): string {
  return `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "${server}", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: secret}}]
contexts: [{name: right, context: {cluster: c, user: u}}]
`;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hookwave-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}
