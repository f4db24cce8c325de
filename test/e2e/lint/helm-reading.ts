import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { listOf } from '../../src/sequencers/lint/list-of.ts';
import { examplesOf, runs } from './examples.ts';
import { helmTrial, type HelmCluster } from './helm-trials.ts';

const weighted = (line: string): string => exampleJob({ annotations: ['helm.sh/hook: pre-install', line] });

/** What Helm makes of documents and annotations. */
export function helmReading(used: HelmCluster, major: 3 | 4): void {
  it('yaml-error: the chart is refused', async () => {
    const { bad, good } = examplesOf('yaml-error');
    const one = await helmTrial(used, major, 'yaml-error');
    expect(await one.helm('template', stream(EXAMPLE_MARKER, bad))).toMatch(/^Error: [\s\S]*YAML parse error/);
    expect(await one.helm('template', stream(EXAMPLE_MARKER, good))).toContain('name: settings');
  });

  it('yaml-duplicate-key: the last one counts', async () => {
    const { bad, good } = examplesOf('yaml-duplicate-key');
    const one = await helmTrial(used, major, 'yaml-duplicate-key');
    expect(await one.helm('install', bad)).not.toMatch(/^Error/);
    expect((await one.get('configmaps', 'settings')).metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'Helm', c: 'd' });
    expect(await one.helm('upgrade', good)).not.toMatch(/^Error/);
    expect((await one.get('configmaps', 'settings')).metadata.labels).toMatchObject({ a: 'b', c: 'd' });
  });

  it('duplicate-identity, repeated-object: Helm 3 refuses to install it, Helm 4 leaves one of the two; in an upgrade the last one counts', async () => {
    for (const code of ['duplicate-identity', 'repeated-object']) {
      const { bad, good } = examplesOf(code);
      const one = await helmTrial(used, major, code);
      const installed = await one.helm('install', bad);
      if (major === 3) expect(installed).toMatch(/^Error: [\s\S]*"upgrade-plan" already exists/);
      else expect(installed).not.toMatch(/^Error/);
      expect(['0a1b2c3d4e5f', 'f5e4d3c2b1a0']).toContain((await one.get('configmaps', 'upgrade-plan')).data.plan);
      const later = await helmTrial(used, major, `${code}-later`);
      expect(await later.helm('install', good)).not.toMatch(/^Error/);
      expect(await later.helm('upgrade', bad)).not.toMatch(/^Error/);
      expect((await later.get('configmaps', 'upgrade-plan')).data).toEqual({ plan: code === 'duplicate-identity' ? 'f5e4d3c2b1a0' : '0a1b2c3d4e5f' });
    }
  });

  it('duplicate-identity: hooks of one name all run, of one event or of two', async () => {
    const hook = (event: string, word: string): string => exampleJob({ annotations: [`helm.sh/hook: ${event}`], ...runs('print', word) });
    const one = await helmTrial(used, major, 'hooks-of-one-name');
    expect(await one.helm('install', stream(hook('pre-install', 'one'), hook('pre-install', 'two'), hook('post-install', 'three')))).not.toMatch(/^Error/);
    expect((await one.hooks()).map(({ last_run }) => last_run.phase)).toEqual(['Succeeded', 'Succeeded', 'Succeeded']);
    expect((await one.get('jobs', 'migrate')).spec.template.spec.containers[0].args).toEqual(['print', 'three']);
  });

  it('template-asks-cluster: what Helm knows at an upgrade, a rendering apart from the cluster does not', async () => {
    const { bad } = examplesOf('template-asks-cluster');
    const looks = exampleObject('v1', 'ConfigMap', 'looks', [], 'data:', '  found: {{ lookup "v1" "Namespace" "" "kube-system" | empty | not | quote }}');
    const one = await helmTrial(used, major, 'template-asks');
    const text = stream(EXAMPLE_MARKER, looks, bad);
    expect(await one.helm('install', text)).not.toMatch(/^Error/);
    expect(await one.get('configmaps', 'upgrade')).toBeUndefined();
    expect(await one.helm('upgrade', text)).not.toMatch(/^Error/);
    expect([(await one.get('configmaps', 'looks')).data.found, (await one.get('configmaps', 'upgrade')).metadata.name]).toEqual(['true', 'upgrade']);
    const rendered = await one.helm('template', text);
    expect(rendered).toContain('found: "false"');
    expect(rendered).not.toContain('name: upgrade\n');
  });

  it('template-changes-always: two renderings differ; with a value they do not', async () => {
    const { bad, good } = examplesOf('template-changes-always');
    const one = await helmTrial(used, major, 'template-changes');
    const twice = async (text: string): Promise<number> => new Set([await one.helm('template', text, '--set=password=x'), await one.helm('template', text, '--set=password=x')]).size;
    expect([await twice(bad), await twice(good)]).toEqual([2, 1]);
  });

  it('annotation-not-string: the release fails when its turn comes', async () => {
    const one = await helmTrial(used, major, 'annotation-not-string');
    expect(await one.helm('install', stream(EXAMPLE_MARKER, weighted('helm.sh/hook-weight: -1')))).toMatch(/^Error: [\s\S]*cannot (?:unmarshal|convert)/);
    expect((await one.hooks())[0].weight).toBe(-1);
    expect(await one.helm('upgrade', stream(EXAMPLE_MARKER, weighted('helm.sh/hook-weight: "-1"')), '--install')).not.toMatch(/^Error/);
  });

  it('annotation-misspelled, wave-not-integer: the weight is 0', async () => {
    const one = await helmTrial(used, major, 'weights');
    const weightOf = async (line: string): Promise<number> => {
      expect(await one.helm('upgrade', weighted(line), '--install')).not.toMatch(/^Error/);
      return (await one.hooks())[0].weight ?? 0;
    };
    expect(await weightOf('helm.sh/hook-weigth: "7"')).toBe(0);
    expect(await weightOf('helm.sh/hook-weight: "1.5"')).toBe(0);
    expect(await weightOf('helm.sh/hook-weight: "7"')).toBe(7);
  });

  it('annotation-unknown: a hook runs on beyond a timeout that no tool knows; a deadline ends it', async () => {
    const sleeper = (deadline: number, ...more: readonly string[]): string =>
      exampleJob({ annotations: ['helm.sh/hook: pre-install,pre-upgrade', ...more], spec: ['backoffLimit: 0', `activeDeadlineSeconds: ${deadline}`], pod: ['restartPolicy: Never', 'terminationGracePeriodSeconds: 1'], ...runs('sleep', '8') });
    const one = await helmTrial(used, major, 'unknown-key');
    expect(await one.helm('install', sleeper(600, 'helm.sh/hook-timeout: 3s'))).not.toMatch(/^Error/);
    expect(await one.helm('upgrade', sleeper(3))).toMatch(/^Error/);
  });

  it('annotation-misplaced: a hook among the labels or on the Pod template is none', async () => {
    const line = 'helm.sh/hook: pre-install';
    const one = await helmTrial(used, major, 'misplaced');
    const onPod = exampleJob({ name: 'on-pod', annotations: [] }).replace('  template:\n', `  template:\n    metadata:\n      annotations:\n        ${line}\n`);
    expect(await one.helm('install', stream(exampleJob({ name: 'labelled', annotations: [], labels: [line] }), onPod))).not.toMatch(/^Error/);
    expect(await one.hooks()).toEqual([]);
    expect(await one.manifest()).toContain('name: on-pod');
    expect(await one.helm('upgrade', exampleJob({ annotations: [line] }), '--install')).not.toMatch(/^Error/);
    expect((await one.hooks()).map(({ name }) => name)).toEqual(['migrate']);
  });

  it('annotation-misplaced: an item of a List is no hook, the List is one', async () => {
    const item = await helmTrial(used, major, 'hook-in-list');
    expect(await item.helm('install', listOf([exampleJob({ annotations: ['helm.sh/hook: pre-install'] })]))).not.toMatch(/^Error/);
    expect(await item.hooks()).toEqual([]);
    expect(await item.manifest()).toContain('name: migrate');
    const list = await helmTrial(used, major, 'hook-list');
    expect(await list.helm('install', listOf([exampleJob({ annotations: [] })], 'metadata: {annotations: {helm.sh/hook: pre-install}}\n'))).not.toMatch(/^Error/);
    expect((await list.hooks()).map(({ kind, last_run }) => [kind, last_run.phase])).toEqual([['List', 'Succeeded']]);
    expect((await list.get('jobs', 'migrate')).status.succeeded).toBe(1);
  });

  it('helm-hook-unknown: the object is neither a hook nor a part of the release', async () => {
    const { bad, good } = examplesOf('helm-hook-unknown');
    const one = await helmTrial(used, major, 'helm-hook-unknown');
    expect(await one.helm('install', stream(EXAMPLE_MARKER, bad))).not.toMatch(/^Error/);
    expect([await one.hooks(), await one.list('jobs')]).toEqual([[], []]);
    expect(await one.manifest()).not.toContain('kind: Job');
    expect(await one.helm('upgrade', stream(EXAMPLE_MARKER, good))).not.toMatch(/^Error/);
    expect((await one.get('jobs', 'migrate')).status.succeeded).toBe(1);
  });

  it('hook-type-case: Helm takes events in any case', async () => {
    const one = await helmTrial(used, major, 'hook-type-case');
    expect(await one.helm('install', exampleJob({ annotations: ['helm.sh/hook: Pre-Install'] }))).not.toMatch(/^Error/);
    expect((await one.get('jobs', 'migrate')).status.succeeded).toBe(1);
  });

  it('hook-dialects-disagree: Helm reads its own annotations only', async () => {
    const one = await helmTrial(used, major, 'dialects');
    expect(await one.helm('install', examplesOf('hook-dialects-disagree').bad)).not.toMatch(/^Error/);
    expect((await one.hooks())[0].events).toEqual(['pre-install', 'pre-upgrade']);
    expect(await one.get('jobs', 'migrate')).toBeUndefined();
  });

  it("hook-dialects-disagree: hooks run by weight, whatever their sync waves, and no delete policy of Argo CD's acts", async () => {
    const hook = (name: string, weight: number, wave: number): string =>
      exampleJob({ name, annotations: ['helm.sh/hook: pre-install', `helm.sh/hook-weight: "${weight}"`, `argocd.argoproj.io/sync-wave: "${wave}"`, 'argocd.argoproj.io/hook-delete-policy: HookSucceeded'] });
    const one = await helmTrial(used, major, 'dialects-waves');
    expect(await one.helm('install', stream(hook('first', 1, 5), hook('second', 5, 1)))).not.toMatch(/^Error/);
    const [first, second] = await Promise.all(['first', 'second'].map((name) => one.get('jobs', name)));
    expect(Date.parse(first.status.completionTime)).toBeLessThanOrEqual(Date.parse(second.metadata.creationTimestamp));
  });

  it('generate-name-not-hook: the release fails, also when it is a hook', async () => {
    const one = await helmTrial(used, major, 'generate-name');
    const hook = exampleJob({ name: '', annotations: ['helm.sh/hook: pre-install'] }).replace('metadata:\n', 'metadata:\n  generateName: migrate-\n');
    expect(await one.helm('install', stream(EXAMPLE_MARKER, hook))).toMatch(/^Error/);
    expect(await one.helm('upgrade', stream(EXAMPLE_MARKER, examplesOf('generate-name-not-hook').bad), '--install')).toMatch(/^Error/);
    expect(await one.list('jobs')).toEqual([]);
    expect(await one.helm('upgrade', stream(EXAMPLE_MARKER, examplesOf('generate-name-not-hook').good), '--install')).not.toMatch(/^Error/);
    expect(await one.list('jobs')).toHaveLength(1);
  });
}
