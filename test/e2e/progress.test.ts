import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'hookwave-progress-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What stands on the screen at the end; `script` gives the command a terminal. */
async function screenOf(args: readonly string[], exitCode = 0): Promise<string> {
  const line = [process.execPath, join(root, 'dist/hookwave.js'), ...args].map((arg) => `'${arg}'`).join(' ');
  const ended: { stdout: string; code?: number } = await promisify(execFile)('script', ['-qec', line, '/dev/null'], { cwd: folder }).catch((error: { stdout: string; code: number }) => error);
  expect(ended.code ?? 0).toBe(exitCode);
  return ended.stdout;
}

test('synth of many specs draws a bar on a terminal and leaves nothing of it', async () => {
  const example = join(root, 'examples/calico-manifest');
  cpSync(example, folder, { recursive: true });
  const spec = readFileSync(join(example, 'hookwave.yaml'), 'utf8');
  writeFileSync(join(folder, 'hookwave.yaml'), Array.from({ length: 25 }, (_none, index) => spec.replace('name: calico', `name: calico-${index}`)).join('---\n'));

  const screen = await screenOf(['synth', '-o', 'out']);

  expect(screen).toMatch(/synth .* of 25 specs/);
  expect(screen.slice(screen.lastIndexOf('of 25 specs'))).toContain('out/calico-24: 7 files');
});

test('lint of a large stream draws one, too', async () => {
  const job = (index: number): string => `apiVersion: batch/v1\nkind: Job\nmetadata: {name: job-${index}, annotations: {argocd.argoproj.io/hook: Sync, argocd.argoproj.io/hook-delete-policy: BeforeHookCreation}}\nspec: {backoffLimit: 0, activeDeadlineSeconds: 60, template: {spec: {restartPolicy: Never}}}\n`;
  writeFileSync(join(folder, 'jobs.yaml'), Array.from({ length: 20_000 }, (_none, index) => job(index)).join('---\n'));

  const screen = await screenOf(['lint', 'jobs.yaml'], 1);

  expect(screen).toMatch(/lint .* \d+ %/);
  expect(screen.slice(screen.lastIndexOf(' left'))).toContain('hook-only-app');
});

test('so does a slow download', async () => {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: large}\ndata: {text: ${'x'.repeat(100_000)}}\n`;
  const server = createServer((_request, response) => {
    response.setHeader('content-length', text.length);
    for (let part = 0; part < 10; part++) setTimeout(() => response.write(text.slice((part * text.length) / 10, ((part + 1) * text.length) / 10)), part * 100);
    setTimeout(() => response.end(), 1000);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const screen = await screenOf(['vendor', `http://127.0.0.1:${port}/large.yaml`]);
  server.close();

  expect(screen).toMatch(/download .* \d+ %/);
  expect(readFileSync(join(folder, 'vendor/large.yaml'), 'utf8')).toBe(text);
});
