import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DriftFile } from '../../../../src/calico/drift-file.ts';
import { tunables } from '../../../../src/calico/tunables.ts';
import type { KubeObject } from '../../../../src/kube/cluster.ts';
import { calicoDrift } from '../../../../src/steps/calico/calico-drift.ts';
import { runCalicoDrift } from '../../../../src/steps/calico/calico-drift.run.ts';
import { fakeCluster } from '../../../fake-cluster.ts';
import { fakeContext } from '../../../fake-context.ts';
import { clusterInformation, daemonSet, install, pod } from '../../calico/objects.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookwave-drift-'));
});
afterAll(() => rm(folder, { recursive: true }));

function config(mtu: string, lastApplied?: KubeObject): KubeObject {
  const note = lastApplied && { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(lastApplied) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'calico-config', namespace: 'kube-system', ...(note && { annotations: note }) }, data: { veth_mtu: mtu } } as KubeObject;
}

async function drift(objects: readonly KubeObject[], file: Omit<DriftFile, 'decided'> & { readonly decided?: string[] } | string) {
  const path = join(folder, 'tunables.json');
  await writeFile(path, typeof file === 'string' ? file : JSON.stringify(file));
  const cluster = fakeCluster(objects);
  const context = fakeContext(cluster);
  const result = await runCalicoDrift(calicoDrift.params.parse({ from: 'v3.13.4', to: 'v3.32.1', tunables: path }), context);
  expect(cluster.writes).toEqual([]);
  return { result, unknown: context.report.events.filter(({ event }) => event === 'drift-unknown').map(({ fields }) => fields['object']) };
}

const PRISTINE = tunables([config('0')]);

test('an edit against the installed manifest of the spec fails, with the way to carry it', async () => {
  const { result } = await drift([...install(), config('1400')], { installed: PRISTINE, target: PRISTINE });
  expect(result).toMatchObject({
    outcome: 'failed',
    exitCode: 10,
    message: 'a live edit would be lost:\n- ConfigMap/calico-config/data/veth_mtu: live "1400", installed as "0", would become "0"; to keep it, set spec.overlays.config.veth_mtu',
  });
});

test('without an installed manifest, what kubectl noted tells; objects without a note are named', async () => {
  const { result, unknown } = await drift([...install(), config('1400', config('0'))], { target: PRISTINE });
  expect(result).toMatchObject({ exitCode: 10, message: expect.stringContaining('veth_mtu') });
  expect(unknown).toEqual(['DaemonSet kube-system/calico-node', 'Deployment kube-system/calico-kube-controllers']);
});

test('a note of kubectl from before Helm took over tells nothing', async () => {
  const noted = config('1400', config('0'));
  const adopted = { ...noted, metadata: { ...noted.metadata, labels: { 'app.kubernetes.io/managed-by': 'Helm' } } };
  const { result, unknown } = await drift([...install(), adopted], { target: PRISTINE });
  expect(result.outcome).toBe('done');
  expect(unknown).toContain('ConfigMap kube-system/calico-config');
});

test('an overlay that carries or decides the edit is enough', async () => {
  const carried = tunables([config('1400')]);
  expect((await drift([...install(), config('1400')], { installed: PRISTINE, target: carried })).result.outcome).toBe('done');
  expect((await drift([...install(), config('1400')], { installed: PRISTINE, target: PRISTINE, decided: ['ConfigMap/calico-config/data/veth_mtu'] })).result.outcome).toBe('done');
});

test('once the target is applied, the manifest of before no longer tells what is an edit', async () => {
  const rolling = [daemonSet({ version: 'v3.32.1', updated: 1 }), pod('a', { version: 'v3.32.1' }), pod('b'), clusterInformation('v3.32.1')];
  expect((await drift([...rolling, config('1400', config('1400'))], { installed: PRISTINE, target: PRISTINE })).result.outcome).toBe('done');
});

test('nothing is due: the file is not even read', async () => {
  expect((await drift(install('v3.32.1'), 'no JSON')).result.outcome).toBe('already');
  expect((await drift([], 'no JSON')).result.outcome).toBe('already');
});

test('an install that is only partly there fails', async () => {
  const { result } = await drift(install().filter(({ kind }) => kind !== 'DaemonSet'), { target: {} });
  expect(result).toMatchObject({ exitCode: 10, message: expect.stringContaining('only partly there') });
});
