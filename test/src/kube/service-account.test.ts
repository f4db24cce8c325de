import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serviceAccountEndpoint } from '../../../src/kube/service-account.ts';
import { podService } from '../../../src/runner/context.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookwave-account-'));
  writeFileSync(join(folder, 'ca.crt'), 'the CA');
  writeFileSync(join(folder, 'token'), 'first\n');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('the token of the Pod goes with each request, with the CA of the cluster', async () => {
  const { url, options } = await serviceAccountEndpoint({ host: '10.0.0.1', port: '443' }, folder);
  expect(url.href).toBe('https://10.0.0.1/');
  expect(await options()).toMatchObject({ ca: 'the CA', headers: { authorization: 'Bearer first' } });
});

test('an IPv6 address is put into brackets', async () => {
  expect((await serviceAccountEndpoint({ host: 'fd00::1', port: '6443' }, folder)).url.href).toBe('https://[fd00::1]:6443/');
});

test('a rotated token is read within a minute', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const { options } = await serviceAccountEndpoint({ host: '10.0.0.1', port: '443' }, folder);
  await options();
  writeFileSync(join(folder, 'token'), 'second');
  now.mockReturnValue(59_000);
  expect((await options()).headers).toEqual({ authorization: 'Bearer first' });
  now.mockReturnValue(60_000);
  expect((await options()).headers).toEqual({ authorization: 'Bearer second' });
});

test('a Pod without a token is told how to get one', async () => {
  rmSync(join(folder, 'ca.crt'));
  await expect(serviceAccountEndpoint({ host: '10.0.0.1', port: '443' }, folder)).rejects.toThrow('automountServiceAccountToken');
});

test('the runner uses the account of its Pod, unless KUBECONFIG names another cluster', () => {
  const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
  expect(podService(pod)).toEqual({ host: '10.0.0.1', port: '443' });
  expect(podService({ ...pod, KUBECONFIG: '/k' })).toBeUndefined();
  expect(podService({})).toBeUndefined();
});
