import { ApiObject, Chart } from 'cdk8s';
import { expect, test } from 'vitest';
import { HookJob } from '../../../src/constructs/hook-job.ts';
import { outline } from '../../../src/constructs/outline.ts';
import { container, type OwnContainer } from '../../../src/constructs/own-container.ts';
import { use } from '../../../src/constructs/runner-container.ts';
import { onceJobsClear } from '../../../src/steps/common/once-jobs-clear.ts';
import { BareUpgrade } from './fixture.ts';

const common = { phase: 'prepare', why: 'test', deadlineSeconds: 60 } as const;

function podOf(chart: BareUpgrade, steps: Parameters<typeof container>[0][]) {
  const job = new HookJob(chart, 'own', { ...common, steps: [use(onceJobsClear, {}), ...steps.map(container)] });
  const object = job.node.findChild('Job') as ApiObject;
  return object.toJson().spec.template.spec as { readonly initContainers: readonly object[]; readonly containers: readonly object[] };
}

const BACKUP: OwnContainer = { name: 'backup', summary: 'backs up', image: 'tool:1', args: ['backup', '--all'], env: { MODE: 'full' } };

test("an image of the user's own is a container among the runner's steps, with their defaults and without their flags", () => {
  const pod = podOf(new BareUpgrade(), [BACKUP]);
  expect(pod.initContainers).toMatchObject([{ name: 'once-jobs-clear', image: expect.stringContaining('hookwave/runner') }]);
  const [backup] = pod.containers as [{ readonly env: readonly object[] }];
  expect(backup).toMatchObject({ name: 'backup', image: 'tool:1', args: ['backup', '--all'], securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true } });
  expect(backup).not.toHaveProperty('command');
  expect(backup.env).toContainEqual({ name: 'MODE', value: 'full' });
  expect(backup.env).toContainEqual(expect.objectContaining({ name: 'POD_UID' }));
});

test('its security context and resources can be changed one by one', () => {
  const pod = podOf(new BareUpgrade(), [{ ...BACKUP, resources: { limits: { memory: '1Gi' } }, securityContext: { readOnlyRootFilesystem: false } }]);
  expect(pod.containers[0]).toMatchObject({ resources: { limits: { memory: '1Gi' } }, securityContext: { readOnlyRootFilesystem: false, privileged: false } });
});

test('the account of the Job may do what its containers declare, and plan shows their command lines', () => {
  const chart = new BareUpgrade();
  const access = [{ apiGroup: '', resources: ['secrets'], resourceNames: ['login'], verbs: ['get'], namespace: 'orders' }] as const;
  new HookJob(chart, 'own', { ...common, steps: [container({ ...BACKUP, access })] });
  const entries = outline(chart).entries;
  expect(entries.find(({ kind }) => kind === 'Job')?.steps).toEqual([{ name: 'backup', summary: 'backs up', arguments: ['tool:1', 'backup', '--all'], access }]);
  expect(entries.filter(({ kind }) => kind === 'Role')).toMatchObject([{ namespace: 'orders', name: 'hookwave-bare-own' }]);
});

test('steps of one name, no steps, and a name that no container can have are refused', () => {
  const chart = new BareUpgrade();
  const job = (id: string, steps: readonly OwnContainer[]) => () => new HookJob(chart, id, { ...common, steps: steps.map(container) });
  expect(job('twice', [BACKUP, BACKUP])).toThrow('bare/twice runs step backup twice');
  expect(job('none', [])).toThrow('bare/none has no steps');
  expect(job('name', [{ ...BACKUP, name: 'Back Up' }])).toThrow('"Back Up" is no name of a step');
});

test('outside of an upgrade, and before its identity is set, the error says what to do', () => {
  const scope = new Chart(new BareUpgrade().node.root, 'elsewhere');
  expect(() => new HookJob(scope, 'own', { ...common, steps: [container(BACKUP)] })).toThrow('elsewhere/own belongs to no upgrade: create it in an UpgradeChart that has set its `identity` before, or pass `identity`');
});
