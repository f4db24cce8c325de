import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hookwave-runner-'));
const bundle = join(folder, 'main.mjs');
const ARGS = ['--upgrade=calico', '--hooks-namespace=hooks', '--plan=0a1b2c3d', '--deadline-seconds=60'];

beforeAll(() =>
  build({
    entryPoints: ['src/runner/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  }),
);
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function runner(args: readonly string[], { node = [], env = {}, signalAfter }: { node?: readonly string[]; env?: Record<string, string>; signalAfter?: Promise<unknown> } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [...node, bundle, ...args], { env: { PATH: process.env['PATH'], HOME: folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  void signalAfter?.then(() => child.kill('SIGTERM'));
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<[number | null]>]);
  return { code, out, err };
}

/** An API server that answers every request in the same way, and a kubeconfig for it. */
async function api(handle: (response: ServerResponse) => void): Promise<{ readonly server: Server; readonly env: Record<string, string> }> {
  const server = createServer((_request, response) => handle(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const kubeconfig = join(folder, `config-${(server.address() as AddressInfo).port}`);
  writeFileSync(kubeconfig, JSON.stringify({
    'clusters': [{ name: 'c', cluster: { 'server': `http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'insecure-skip-tls-verify': true } }],
    'users': [{ name: 'u', user: {} }],
    'contexts': [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }));
  return { server, env: { KUBECONFIG: kubeconfig } };
}

test('version and help cost no Kubernetes client', async () => {
  const preload = join(folder, 'modules.cjs');
  writeFileSync(preload, "process.on('exit', () => require('node:fs').writeSync(2, process.moduleLoadList.join()))");
  const { code, out, err } = await runner(['version'], { node: ['-r', preload] });
  expect([code, out]).toEqual([0, expect.stringMatching(/^hookwave-runner v\d+\.\d+\.\d+\n$/)]);
  expect(err).toContain('NativeModule fs');
  expect(err).not.toMatch(/NativeModule (http|https|tls)\b/);
  expect((await runner(['help'])).out).toContain('  plan-gate\n');
});

test('wrong usage is 64, with every problem', async () => {
  for (const [args, message] of [
    [[], 'no command'],
    [['walk'], 'unknown command walk'],
    [['run'], 'no step; there are: plan-gate,'],
    [['run', 'constructor'], 'unknown step constructor'],
    [['run', 'plan-gate', ...ARGS], '--from: '],
  ] as const) {
    const { code, err } = await runner(args);
    expect([code, err]).toEqual([64, expect.stringContaining(message)]);
    expect(err).toContain('usage: run');
  }
});

test('a step runs, reports JSON lines and exits by its result', async () => {
  const { server, env } = await api((response) => response.writeHead(404).end('{"reason":"NotFound"}'));
  const { code, out, err } = await runner(['run', 'plan-gate', ...ARGS, '--from=v1', '--to=v2'], { env });
  server.close();
  expect([code, err]).toEqual([0, '']);
  expect(out.trim().split('\n').map((line) => (JSON.parse(line) as { event: string; step: string }).event)).toEqual(['step-started', 'step-already']);
});

test('SIGTERM ends a step that waits for an API that does not answer, with 20', async () => {
  let asked: (() => void) | undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { server, env } = await api(() => asked?.());
  const { code, out } = await runner(['run', 'plan-gate', ...ARGS, '--from=v1', '--to=v2'], { env, signalAfter: isAsked });
  server.closeAllConnections();
  server.close();
  expect(code).toBe(20);
  expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'step-interrupted', message: 'interrupted', next: 'safe to run again' });
});

test('no configuration of a cluster is said, at once', async () => {
  const { code, out } = await runner(['run', 'plan-gate', ...ARGS, '--from=v1', '--to=v2']);
  expect(code).toBe(30);
  expect(out).toContain('there is no kubeconfig, and this is no Pod with a ServiceAccount');
});
