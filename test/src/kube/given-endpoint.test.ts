import { expect, test } from 'vitest';
import { Agent } from 'node:https';
import type { Endpoint } from '../../../src/kube/endpoint.ts';
import { givenEndpoint } from '../../../src/kube/given-endpoint.ts';

const agent = new Agent();
const base: Endpoint = { url: new URL('https://10.0.0.1:6443'), options: async () => ({ ca: 'base ca', cert: 'base cert', agent, headers: { authorization: 'Bearer base', other: 'x' } }), close: () => agent.destroy() };

test('single settings go before those of the kubeconfig, and the rest stays', async () => {
  const endpoint = givenEndpoint({ token: 'mine', ca: 'my ca', insecure: true }, base);
  expect(endpoint.url.href).toBe('https://10.0.0.1:6443/');
  expect(await endpoint.options()).toEqual({ ca: 'my ca', cert: 'base cert', rejectUnauthorized: false, agent, headers: { authorization: 'Bearer mine', other: 'x' } });
});

test('another server has connections of its own', async () => {
  const endpoint = givenEndpoint({ url: 'https://127.0.0.1:6443' }, base);
  expect(endpoint.url.host).toBe('127.0.0.1:6443');
  expect((await endpoint.options()).agent).not.toBe(agent);
});

test('a URL is enough, and without one there is nowhere to go', async () => {
  expect(await givenEndpoint({ url: 'http://127.0.0.1:8080' }).options()).toMatchObject({ headers: {} });
  expect(() => givenEndpoint({ token: 'mine' })).toThrow('neither a URL nor a kubeconfig');
  expect(() => givenEndpoint({ url: 'nowhere' }, base)).toThrow('write it like https://');
});
