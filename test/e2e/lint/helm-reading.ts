import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { examplesOf } from './examples.ts';
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
