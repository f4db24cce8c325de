import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleJob, exampleObject, type ExampleJob } from '../../../src/sequencers/lint/example.ts';
import { ANNOTATIONS_LIMIT } from '../../../src/sequencers/lint/rules/annotations-too-large.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { collection, type Plural } from './api.ts';
import { examplesOf, runs } from './examples.ts';
import type { HelmCluster } from './helm-trials.ts';

/** What the API server refuses, and what the Job controller and the kubelet do. */
export function kubernetes({ api }: HelmCluster): void {
  const create = (plural: Plural, text: string, dryRun = false) => api().send('POST', `${collection(plural, 'default')}${dryRun ? '?dryRun=All' : ''}`, parse(text) as object);
  const refused = async (plural: Plural, text: string): Promise<string> => {
    const { status, body } = await create(plural, text, true);
    return status === 201 ? 'taken' : body.message;
  };
  const job = (name: string, options: ExampleJob = {}): string => exampleJob({ name, annotations: [], ...options });

  it('job-name-too-long: 63 characters for a Job, 52 for a CronJob, room for the index in an Indexed Job', async () => {
    const named = (length: number, spec?: readonly string[]): Promise<string> => refused('jobs', job('a'.repeat(length), spec && { spec }));
    expect([await named(63), await named(64)]).toEqual(['taken', expect.stringContaining('must be no more than 63')]);
    const indexed = ['completionMode: Indexed', 'completions: 11', 'parallelism: 1'];
    expect([await named(60, indexed), await named(61, indexed)]).toEqual(['taken', expect.stringContaining('invalid DNS label')]);
    const cron = (length: number): Promise<string> => refused('cronjobs', cronJob('a'.repeat(length)));
    expect([await cron(52), await cron(53)]).toEqual(['taken', expect.stringContaining('must be no more than 52')]);
    expect(await refused('jobs', examplesOf('job-name-too-long').bad)).toContain('must be no more than 63');
    expect(await refused('jobs', examplesOf('job-name-too-long').good)).toBe('taken');
  });

  it('annotations-too-large: 256 KiB of keys and values are taken, a byte more is not', async () => {
    const account = (bytes: number): string => exampleObject('v1', 'ServiceAccount', 'agent', [`example.com/data: ${'x'.repeat(bytes - 'example.com/data'.length)}`]);
    expect([await refused('serviceaccounts', account(ANNOTATIONS_LIMIT)), await refused('serviceaccounts', account(ANNOTATIONS_LIMIT + 1))]).toEqual(['taken', expect.stringContaining('may not be more than 262144 bytes')]);
    expect(await refused('serviceaccounts', examplesOf('annotations-too-large').bad)).toContain('may not be more than 262144 bytes');
    expect(await refused('serviceaccounts', examplesOf('annotations-too-large').good)).toBe('taken');
  });

  it('incomplete-object: refused', async () => {
    expect(await refused('configmaps', examplesOf('incomplete-object').bad)).toContain('name or generateName is required');
    expect(await refused('configmaps', examplesOf('incomplete-object').good)).toBe('taken');
  });

  it('hook-job-no-backoff-limit: six retries, with growing pauses', async () => {
    const { body } = await create('jobs', job('retries', { spec: [], ...runs('exit', '1') }));
    expect(body.spec.backoffLimit).toBe(6);
    const tries = await waitFor('three tries', async () => {
      const { items } = await api().get(`${collection('pods', 'default')}?labelSelector=job-name%3Dretries`);
      return items.length === 3 && items.map(({ metadata }: { metadata: { creationTimestamp: string } }) => Date.parse(metadata.creationTimestamp) / 1000).sort();
    }, { seconds: 90 });
    expect(tries[1] - tries[0]).toBeGreaterThanOrEqual(9);
    expect(tries[2] - tries[1]).toBeGreaterThanOrEqual(19);
  });

  it('hook-job-restart-policy: with OnFailure the Pod of a failed Job is deleted, with Never it is kept', async () => {
    const policy = (name: string, value: string): string => job(name, { pod: [`restartPolicy: ${value}`], spec: ['backoffLimit: 0'], ...runs('exit', '1') });
    await create('jobs', policy('on-failure', 'OnFailure'));
    await create('jobs', policy('never', 'Never'));
    const podsOf = async (name: string): Promise<number> => (await api().get(`${collection('pods', 'default')}?labelSelector=job-name%3D${name}`)).items.length;
    for (const name of ['on-failure', 'never']) await waitFor(`${name} to fail`, async () => (await api().get(`${collection('jobs', 'default')}/${name}`)).status.conditions?.some(({ type }: { type: string }) => type === 'Failed'));
    await waitFor('the Pod to be gone', async () => (await podsOf('on-failure')) === 0);
    expect(await podsOf('never')).toBe(1);
  });

  it('hook-job-restart-policy: podFailurePolicy needs Never', async () => {
    const rule = ['backoffLimit: 0', 'podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [10]}}]}'];
    expect(await refused('jobs', job('a', { spec: rule, pod: ['restartPolicy: OnFailure'] }))).toContain('restartPolicy');
    expect(await refused('jobs', job('a', { spec: rule }))).toBe('taken');
  });
}

function cronJob(name: string): string {
  const pod = exampleJob({ name: 'x', annotations: [] }).split('spec:\n').slice(1).join('spec:\n');
  return `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: ${name}\nspec:\n  schedule: "@daily"\n  jobTemplate:\n    spec:\n${pod.replaceAll(/^/gm, '    ').trimEnd()}\n`;
}
