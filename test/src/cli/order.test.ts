import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Io } from '../../../src/cli/io.ts';
import { plan, type PlanOptions } from '../../../src/cli/plan.ts';

const STREAM = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: texts}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: check
  namespace: jobs
  annotations: {argocd.argoproj.io/hook: PreSync, helm.sh/hook: "pre-install,pre-upgrade"}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: z-check
  namespace: jobs
  annotations: {argocd.argoproj.io/hook: PreSync, helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-delete-policy: hook-succeeded}
`;
const LIVE = 'apiVersion: v1\nkind: Secret\nmetadata: {name: old, namespace: default}\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookwave-order-'));
  await writeFile(join(folder, 'stream.yaml'), STREAM);
  await writeFile(join(folder, 'live.yaml'), LIVE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function printed(options: Partial<PlanOptions>): Promise<string> {
  const texts: string[] = [];
  const io: Io = { out: (text) => void texts.push(text), err: () => {}, interactive: false };
  await plan({ file: 'none', output: 'text', stream: join(folder, 'stream.yaml'), ...options }, io);
  return texts.join('').replaceAll(folder, 'FOLDER');
}

describe('plan --order', () => {
  test('prints where Argo CD applies and waits', async () => {
    expect(await printed({ order: 'argo' })).toBe(`FOLDER/stream.yaml: the first sync by Argo CD
PreSync wave 0
  apply ServiceAccount jobs/z-check
  apply Job jobs/check
  wait until the hooks have ended
Sync wave 0
  apply ConfigMap settings, texts, together
at the end
  delete (HookSucceeded) ServiceAccount jobs/z-check
`);
  });

  test('prints that Helm sorts hooks of one weight by name', async () => {
    expect(await printed({ order: 'helm4' })).toBe(`FOLDER/stream.yaml: an install by Helm 4
pre-install weight 0
  apply Job jobs/check
  apply ServiceAccount jobs/z-check
  wait after each until the hooks have ended
after pre-install
  delete (HookSucceeded) ServiceAccount jobs/z-check
the release's own objects
  apply ConfigMap settings, texts, together
`);
  });

  test('prunes what is live and no longer wanted', async () => {
    expect(await printed({ order: 'argo', live: join(folder, 'live.yaml') })).toContain('Sync wave 0\n  delete (pruned) Secret default/old\n  apply ConfigMap settings, texts, together\n');
    expect(await printed({ order: 'helm3', live: join(folder, 'live.yaml') })).toContain('  apply ConfigMap settings, texts, one after the other\n  delete (pruned) Secret default/old\n');
  });

  test('tells deletions of several kinds in their order, not by kind', async () => {
    const hook = (kind: string, name: string, wave: number): string =>
      `---\napiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}, annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded, argocd.argoproj.io/sync-wave: "${wave}"}}\n`;
    await writeFile(join(folder, 'two.yaml'), hook('Secret', 'a', 1) + hook('ConfigMap', 'b', 1) + hook('Secret', 'c', 2));
    const deletions = (await printed({ order: 'argo', stream: join(folder, 'two.yaml') })).split('\n').filter((line) => line.includes('delete'));
    expect(deletions).toEqual(['Secret a', 'ConfigMap b', 'Secret c'].map((object) => `  delete (HookSucceeded) ${object}`));
  });

  test('a picture of an order is refused, with the way to one', async () => {
    await expect(printed({ order: 'argo', output: 'svg' })).rejects.toThrow('leave out --order');
  });

  test('prints every object as JSON', async () => {
    const [order] = JSON.parse(await printed({ order: 'argo', output: 'json' })) as [{ readonly outcome: string; readonly moments: readonly { readonly at: unknown; readonly groups: readonly unknown[]; readonly waitsFor: readonly string[] }[] }];
    expect(order.outcome).toBe('succeeded');
    expect(order.moments[1]).toEqual({
      at: { phase: 'Sync', wave: 0 },
      groups: [{ action: 'apply', order: 'parallel', objects: ['settings', 'texts'].map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, file: 'FOLDER/stream.yaml' })) }],
      waitsFor: [],
    });
  });
});
