import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../../../src/sequencers/lint/example.ts';
import { examplesOf } from './examples.ts';
import { trial, type Trial } from './trials.ts';

const CONDITIONS = async (one: Trial): Promise<readonly string[]> => ((await one.application()).status.conditions ?? []).map(({ type }: { type: string }) => type);

/** Documents that can't be read, have no name, or stand twice. */
export function documents(): void {
  const broken = trial('yaml-error-bad', stream(EXAMPLE_MARKER, examplesOf('yaml-error').bad));
  const whole = trial('yaml-error-good', stream(EXAMPLE_MARKER, examplesOf('yaml-error').good));
  it('yaml-error: one broken document keeps the whole application from being synced', async () => {
    expect(await broken.sync()).toMatchObject({ phase: 'Error', message: expect.stringContaining('ComparisonError') as string });
    expect(await broken.get('configmaps', 'upgrade-plan')).toBeUndefined();
    expect((await whole.sync()).phase).toBe('Succeeded');
    expect(await whole.get('configmaps', 'upgrade-plan')).toBeDefined();
  });

  const twice = trial('yaml-duplicate-key-bad', examplesOf('yaml-duplicate-key').bad);
  const once = trial('yaml-duplicate-key-good', examplesOf('yaml-duplicate-key').good);
  it('yaml-duplicate-key: the last one counts, and nothing is said', async () => {
    expect((await twice.sync()).phase).toBe('Succeeded');
    expect((await twice.get('configmaps', 'settings')).metadata.labels).toEqual({ c: 'd' });
    expect(await CONDITIONS(twice)).toEqual([]);
    expect((await once.sync()).phase).toBe('Succeeded');
    expect((await once.get('configmaps', 'settings')).metadata.labels).toEqual({ a: 'b', c: 'd' });
  });

  const nameless = trial('incomplete-object-bad', stream(EXAMPLE_MARKER, examplesOf('incomplete-object').bad));
  const named = trial('incomplete-object-good', stream(EXAMPLE_MARKER, examplesOf('incomplete-object').good));
  it('incomplete-object: an object without a name fails the dry run, and nothing is applied', async () => {
    expect((await nameless.sync()).phase).toBe('Failed');
    expect(await nameless.get('configmaps', 'upgrade-plan')).toBeUndefined();
    expect((await named.sync()).phase).toBe('Succeeded');
  });

  const number = trial('annotation-not-string-bad', stream(EXAMPLE_MARKER, examplesOf('annotation-not-string').bad));
  const text = trial('annotation-not-string-good', stream(EXAMPLE_MARKER, examplesOf('annotation-not-string').good));
  it('annotation-not-string: the whole application is not read', async () => {
    expect(await number.sync()).toMatchObject({ phase: 'Error', message: expect.stringMatching(/ComparisonError.*non-string value/s) as string });
    expect(await number.get('configmaps', 'upgrade-plan')).toBeUndefined();
    expect(await text.sync()).toMatchObject({ phase: 'Succeeded', resources: expect.arrayContaining([expect.objectContaining({ kind: 'Job', hookType: 'PreSync' })]) as object[] });
  });

  const lost = trial('duplicate-identity-bad', examplesOf('duplicate-identity').bad);
  const both = trial('duplicate-identity-good', examplesOf('duplicate-identity').good);
  it('duplicate-identity: only the last manifest is applied', async () => {
    expect((await lost.sync()).phase).toBe('Succeeded');
    expect((await lost.get('configmaps', 'upgrade-plan')).data).toEqual({ plan: 'f5e4d3c2b1a0' });
    expect(await CONDITIONS(lost)).toEqual(['RepeatedResourceWarning']);
    expect((await both.sync()).phase).toBe('Succeeded');
    expect((await both.get('configmaps', 'upgrade-plan')).data).toEqual({ plan: '0a1b2c3d4e5f' });
    expect((await both.get('configmaps', 'upgrade-settings')).data).toEqual({ plan: 'f5e4d3c2b1a0' });
    expect(await CONDITIONS(both)).toEqual([]);
  });

  const phases = trial('duplicate-identity-phases', stream(EXAMPLE_MARKER, exampleJob(), exampleJob({ annotations: ['argocd.argoproj.io/hook: PostSync'] })));
  it('duplicate-identity: of hooks of two phases only the last runs', async () => {
    const { resources } = await phases.sync();
    expect(resources.filter(({ kind }) => kind === 'Job').map(({ hookType }) => hookType)).toEqual(['PostSync']);
  });

  const repeated = trial('repeated-object-bad', examplesOf('repeated-object').bad);
  const single = trial('repeated-object-good', examplesOf('repeated-object').good);
  it('repeated-object: a warning stays on the application', async () => {
    expect((await repeated.sync()).phase).toBe('Succeeded');
    expect(await CONDITIONS(repeated)).toEqual(['RepeatedResourceWarning']);
    expect((await single.sync()).phase).toBe('Succeeded');
    expect(await CONDITIONS(single)).toEqual([]);
  });

  const unnamed = trial('generate-name-not-hook-bad', stream(EXAMPLE_MARKER, examplesOf('generate-name-not-hook').bad));
  const given = trial('generate-name-not-hook-good', stream(EXAMPLE_MARKER, examplesOf('generate-name-not-hook').good));
  it('generate-name-not-hook: the sync fails', async () => {
    const result = await unnamed.sync();
    expect(result.phase, result.message).toBe('Failed');
    expect(await unnamed.list('jobs')).toEqual([]);
    expect((await given.sync()).phase).toBe('Succeeded');
  });

  const long = exampleJob({ name: '', annotations: ['argocd.argoproj.io/hook: PreSync'] });
  const generated = (length: number): string => stream(EXAMPLE_MARKER, long.replace('metadata:\n', `metadata:\n  generateName: ${'a'.repeat(length - 1)}-\n`));
  const tooLong = trial('job-name-too-long-bad', generated(38));
  const longEnough = trial('job-name-too-long-good', generated(37));
  it('job-name-too-long: what Argo CD adds to a generateName counts', async () => {
    expect((await longEnough.sync()).phase).toBe('Succeeded');
    expect((await longEnough.list('jobs')).map(({ metadata }) => metadata.name.length)).toEqual([63]);
    expect((await tooLong.sync()).phase).toBe('Failed');
    expect(await tooLong.list('jobs')).toEqual([]);
  });

  const large = trial('server-side-apply-required-bad', examplesOf('server-side-apply-required').bad);
  const serverSide = trial('server-side-apply-required-good', examplesOf('server-side-apply-required').good);
  it('server-side-apply-required: client-side apply fails, server-side apply does not', async () => {
    expect(JSON.stringify(await large.sync())).toContain('Too long');
    expect((await serverSide.sync()).phase).toBe('Succeeded');
  });

  const heavy = trial('annotations-too-large-bad', stream(EXAMPLE_MARKER, examplesOf('annotations-too-large').bad), { syncOptions: ['ServerSideApply=true'] });
  it('annotations-too-large: server-side apply does not help', async () => {
    const result = await heavy.sync({ syncOptions: ['ServerSideApply=true'] });
    expect(result.phase, result.message).toBe('Failed');
    expect(JSON.stringify(result)).toContain('Too long');
  });

  const looks = exampleObject('v1', 'ConfigMap', 'looks', [], 'data:', '  found: {{ lookup "v1" "Namespace" "" "kube-system" | empty | not | quote }}');
  const asks = trial('template-asks-cluster-bad', stream(EXAMPLE_MARKER, looks, examplesOf('template-asks-cluster').bad), { values: '' });
  const decides = trial('template-asks-cluster-good', stream(EXAMPLE_MARKER, examplesOf('template-asks-cluster').good), { values: 'upgrade: true' });
  it('template-asks-cluster: the second sync is rendered as an install too, and lookup finds nothing; a value decides', async () => {
    for (let round = 0; round < 2; round++) expect((await asks.sync()).phase).toBe('Succeeded');
    expect([await asks.get('configmaps', 'upgrade'), (await asks.get('configmaps', 'looks')).data.found]).toEqual([undefined, 'false']);
    expect((await decides.sync()).phase).toBe('Succeeded');
    expect(await decides.get('configmaps', 'upgrade')).toBeDefined();
  });

  const random = trial('template-changes-always-bad', stream(EXAMPLE_MARKER, examplesOf('template-changes-always').bad), { values: '' });
  const fixed = trial('template-changes-always-good', stream(EXAMPLE_MARKER, examplesOf('template-changes-always').good), { values: 'password: x' });
  it('template-changes-always: as soon as it is rendered again, the application is OutOfSync; with a value it is not', async () => {
    const status = async (one: Trial): Promise<string> => (await one.application()).status.sync.status;
    for (const [one, expected] of [[random, 'OutOfSync'], [fixed, 'Synced']] as const) {
      expect((await one.sync()).phase).toBe('Succeeded');
      for (let round = 0; round < 2; round++) {
        await one.refresh();
        expect(await status(one)).toBe(expected);
        expect((await one.sync()).phase).toBe('Succeeded');
      }
    }
  });

  const option = (value: string): string => exampleObject('v1', 'ConfigMap', 'settings', [`argocd.argoproj.io/sync-options: ${value}`]);
  const pruned = trial('sync-option-unknown-bad', stream(EXAMPLE_MARKER, option('prune=false')));
  const kept = trial('sync-option-unknown-good', stream(EXAMPLE_MARKER, option('Prune=false')));
  it('sync-option-unknown: a misspelled option does nothing', async () => {
    for (const one of [pruned, kept]) {
      expect((await one.sync()).phase).toBe('Succeeded');
      await one.commit(EXAMPLE_MARKER);
      expect((await one.sync({ prune: true })).phase).toBe('Succeeded');
    }
    await pruned.gone('configmaps', 'settings');
    expect(await kept.get('configmaps', 'settings')).toBeDefined();
  });
}
