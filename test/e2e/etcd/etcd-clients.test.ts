import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EtcdAccess } from '../../../src/etcd/access.ts';
import { connectV2, type EtcdV2 } from '../../../src/etcd/v2.ts';
import { connectV3, type EtcdV3 } from '../../../src/etcd/v3.ts';
import { type Etcd, startEtcd } from '../../cluster/etcd.ts';

describe.each([
  ['plain', false],
  ['TLS with client certificates', true],
])('etcd over %s', (_how, tls) => {
  let etcd: Etcd;
  let access: EtcdAccess;
  let v2: EtcdV2;
  let v3: EtcdV3;
  beforeAll(async () => {
    etcd = await startEtcd({ v2: true, tls });
    const read = (name: 'ca' | 'cert' | 'key') => readFileSync(etcd.files?.[name] ?? '', 'utf8');
    access = { endpoints: [etcd.endpoint], ...(tls && { ca: read('ca'), cert: read('cert'), key: read('key') }) };
    v2 = connectV2(access, { callTimeoutMs: 5000 });
    v3 = connectV3(access, { callTimeoutMs: 5000 });
  });
  afterAll(async () => {
    v2?.close();
    v3?.close();
    await etcd?.stop();
  });

  it('v2: leaves are found below a directory, escapes in names stay as they are', async () => {
    await v2.write('/calico/v1/host/a%2fb/config/X', 'one & two=3');
    await v2.write('/calico/v1/host/c/config/Y', '');

    expect(await v2.leaves('/calico/v1/host', 'all')).toMatchObject([
      { path: '/calico/v1/host/a%2fb/config/X', value: 'one & two=3' },
      { path: '/calico/v1/host/c/config/Y', value: '' },
    ]);
    expect(await v2.leaves('/calico/v1/host', 'children')).toMatchObject([{ path: '/calico/v1/host/a%2fb', value: '' }, { path: '/calico/v1/host/c' }]);
    expect(await v2.leaves('/calico/none', 'all')).toEqual([]);
    expect(await v2.read('/calico/none')).toBeUndefined();
    expect(await v2.read('/calico/v1/host')).toBeUndefined();
  });

  it('v2: of many that swap a value one succeeds', async () => {
    await v2.write('/calico/v1/Ready', 'true');
    const swaps = await Promise.all(Array.from({ length: 20 }, () => v2.swap('/calico/v1/Ready', 'true', 'false')));

    expect(swaps.filter(Boolean)).toHaveLength(1);
    expect((await v2.read('/calico/v1/Ready'))?.value).toBe('false');
    expect(await v2.swap('/calico/v1/Missing', 'true', 'false')).toBe(false);
  });

  it('v2: what changes later has a higher index', async () => {
    const before = await v2.index();
    await v2.write('/calico/v1/late', 'x');

    expect((await v2.read('/calico/v1/late'))?.modifiedIndex).toBeGreaterThan(before);
  });

  it('v3: a transaction happens as a whole or not at all', async () => {
    const absent = (key: string) => ({ key, modRevision: '0' });
    expect(await v3.commit({ guards: [absent('/t/a'), absent('/t/b')], puts: [{ key: '/t/a', value: '1' }, { key: '/t/b', value: '2' }] })).toBe(true);
    expect(await v3.commit({ guards: [absent('/t/b'), absent('/t/c')], puts: [{ key: '/t/b', value: '3' }, { key: '/t/c', value: '3' }] })).toBe(false);

    expect((await v3.getMany(['/t/b', '/t/c', '/t/a'])).map((found) => found?.value)).toEqual(['2', undefined, '1']);
    const a = await v3.get('/t/a');
    expect(await v3.commit({ guards: [{ key: '/t/a', modRevision: a?.modRevision ?? '' }], removes: ['/t/a', '/t/b'] })).toBe(true);
    expect(await v3.hasAny('/t/')).toBe(false);
  });

  it('v3: lists over several pages, in order', async () => {
    const names = Array.from({ length: 1200 }, (_, index) => `/list/${String(index).padStart(4, '0')}`);
    for (let start = 0; start < names.length; start += 100) {
      const [first = '', ...rest] = names.slice(start, start + 100);
      await v3.commit({ guards: [{ key: first, modRevision: '0' }], puts: [first, ...rest].map((key) => ({ key, value: 'x' })) });
    }
    await v3.commit({ guards: [{ key: '/listen', modRevision: '0' }], puts: [{ key: '/listen', value: 'not below /list/' }] });

    const listed: string[] = [];
    for await (const { key } of v3.list('/list/')) listed.push(key);
    expect(listed).toEqual(names);
  });

  it('v3: a key of a lease goes when the lease is released', async () => {
    const lease = await v3.lease(10);
    await v3.commit({ guards: [{ key: '/owner', createRevision: '0' }], puts: [{ key: '/owner', value: 'me', lease: lease.id }] });
    expect((await v3.get('/owner'))?.value).toBe('me');

    await lease.release();
    expect(await v3.get('/owner')).toBeUndefined();
    expect(lease.signal.aborted).toBe(false);
  });

  it('says what is wrong and what to do, without a stack of its own words', async () => {
    const wrong = { endpoints: ['http://127.0.0.1:9', 'http://127.0.0.1:10'] };
    const [a, b] = [connectV2(wrong, { callTimeoutMs: 3000 }), connectV3(wrong, { callTimeoutMs: 3000 })];
    await expect(a.read('/x')).rejects.toMatchObject({ reason: 'unreachable', message: expect.stringMatching(/^etcd v2: http:\/\/127.0.0.1:10: .*ECONNREFUSED.*; check the endpoints/) as string });
    await expect(b.get('/x')).rejects.toMatchObject({ reason: 'unreachable', message: expect.stringMatching(/^etcd v3: http:.*; check the endpoints/) as string });
    for (const client of [a, b]) client.close();
    if (!tls) return;
    const { ca: _, ...untrusted } = access;
    const [c, d] = [connectV2(untrusted, { callTimeoutMs: 3000 }), connectV3(untrusted, { callTimeoutMs: 3000 })];
    await expect(c.read('/x')).rejects.toMatchObject({ reason: 'tls' });
    await expect(d.get('/x')).rejects.toMatchObject({ reason: 'tls' });
    const [e, f] = [connectV2({ ...access, cert: undefined, key: undefined } as unknown as EtcdAccess, { callTimeoutMs: 3000 }), connectV3({ endpoints: access.endpoints, ca: access.ca ?? '' }, { callTimeoutMs: 3000 })];
    await expect(e.read('/x')).rejects.toMatchObject({ reason: 'tls' });
    await expect(f.get('/x')).rejects.toMatchObject({ name: 'EtcdError' });
    for (const client of [c, d, e, f]) client.close();
  });

  it('goes on after etcd was killed and has come back', async () => {
    await etcd.kill();
    await expect(v3.get('/t/x')).rejects.toMatchObject({ name: 'EtcdError' });
    await expect(v2.read('/t/x')).rejects.toMatchObject({ reason: 'unreachable' });
    await etcd.start();

    const deadline = Date.now() + 20_000;
    while (!(await v3.get('/listen').catch(() => undefined))) expect(Date.now()).toBeLessThan(deadline);
    expect((await v2.read('/calico/v1/late'))?.value).toBe('x');
  });
});

describe('etcd with users', () => {
  let etcd: Etcd;
  beforeAll(async () => {
    etcd = await startEtcd({ v2: true });
  });
  afterAll(() => etcd?.stop());

  it('v2 and v3 take user and password; wrong ones and missing rights are denied', async () => {
    const { endpoint } = etcd;
    const put = (path: string, body: unknown, as?: string) =>
      fetch(`${endpoint}/v2/auth/${path}`, { method: 'PUT', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...(as && { Authorization: `Basic ${btoa(as)}` }) } });
    await put('users/root', { user: 'root', password: 'r00t' });
    await put('enable', undefined);
    await put('roles/calico', { role: 'calico', permissions: { kv: { read: ['/calico/*'], write: ['/calico/*'] } } }, 'root:r00t');
    await put('users/calico', { user: 'calico', password: 'secret1', roles: ['calico'] }, 'root:r00t');
    await fetch(`${endpoint}/v2/auth/roles/guest`, { method: 'DELETE', headers: { Authorization: `Basic ${btoa('root:r00t')}` } });

    const good = connectV2({ endpoints: [endpoint], username: 'calico', password: 'secret1' });
    await good.write('/calico/v1/Ready', 'true');
    expect((await good.read('/calico/v1/Ready'))?.value).toBe('true');
    await expect(good.write('/elsewhere', 'x')).rejects.toMatchObject({ reason: 'denied' });
    const bad = connectV2({ endpoints: [endpoint], username: 'calico', password: 'secret2' });
    const denied: Error = await bad.read('/calico/v1/Ready').then(
      () => new Error('no error'),
      (error: Error) => error,
    );
    expect(denied).toMatchObject({ reason: 'denied' });
    expect(denied.message).not.toContain('secret2');
    for (const client of [good, bad]) client.close();
  });
});
