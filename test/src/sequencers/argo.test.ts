import { ApiObject, App } from 'cdk8s';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { HookJob } from '../../../src/constructs/hook-job.ts';
import { Marker } from '../../../src/constructs/marker.ts';
import { place } from '../../../src/constructs/placed.ts';
import { use } from '../../../src/constructs/runner-container.ts';
import { UpgradeChart } from '../../../src/constructs/upgrade-chart.ts';
import { VendorManifest } from '../../../src/constructs/vendor-manifest.ts';
import { placement } from '../../../src/plan/placement.ts';
import { argo } from '../../../src/sequencers/argo/argo.ts';
import { defineStep } from '../../../src/steps/step.ts';

const identity = { upgrade: 'demo', namespace: 'hookwave-demo', plan: '0a1b2c3d' };
const runner = { image: 'runner:1', imagePullPolicy: 'IfNotPresent' } as const;
const look = defineStep({
  name: 'look',
  summary: 'looks',
  params: z.object({ names: z.array(z.string()), graceSeconds: z.number() }),
  access: () => [
    { apiGroup: '', resources: ['pods'], verbs: ['get'], namespace: 'kube-system' },
    { apiGroup: '', resources: ['pods'], verbs: ['list'], namespace: 'kube-system' },
    { apiGroup: '', resources: ['nodes'], verbs: ['list'] },
  ],
});
const VENDOR = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: theirs\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\n';

class Demo extends UpgradeChart {
  readonly identity = identity;
  readonly summary = { kind: 'Demo', from: 'v1', to: 'v2', notes: [] };

  constructor(app: App, image = 'runner:1') {
    super(app, 'demo');
    const steps = [use(look, { names: ['a', 'b'], graceSeconds: 5 }), use({ ...look, name: 'look-again' }, { names: [], graceSeconds: 6 })];
    const common = { identity, runner: { ...runner, image }, why: 'demo', steps, deadlineSeconds: 60 };
    new VendorManifest(this, 'vendor', { manifest: VENDOR, file: 'theirs', why: 'theirs' });
    new HookJob(this, 'preflight', { ...common, phase: 'preflight' });
    new HookJob(this, 'watch', { ...common, phase: 'verify' });
    new HookJob(this, 'verify', { ...common, phase: 'verify', mode: 'tracked' });
    new HookJob(this, 'rescue', { ...common, phase: 'rescue' });
    new Marker(this, 'marker', { identity, kind: 'Demo', from: 'v1', to: 'v2' });
  }
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly data?: Record<string, string>;
  readonly rules?: object[];
  readonly spec?: { readonly template: { readonly spec: { readonly containers: { readonly args: string[] }[]; readonly initContainers: { readonly args: string[] }[] } } };
}

function objectsIn(chart: UpgradeChart): readonly Manifest[] {
  return argo(chart).flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as Manifest | null).filter((object) => object !== null));
}

function annotationsOf(objects: readonly Manifest[], kind: string, name: string): Record<string, string> {
  const found = objects.find((object) => object.kind === kind && object.metadata.name.startsWith(name));
  return Object.fromEntries(Object.entries(found?.metadata.annotations ?? {}).map(([key, value]) => [key.replace('argocd.argoproj.io/', ''), value]));
}

test('phases become sync phases and waves; identities stand one wave before their Job', () => {
  const objects = objectsIn(new Demo(new App()));
  expect(annotationsOf(objects, 'Job', 'hookwave-demo-preflight')).toEqual({ hook: 'PreSync', 'hook-delete-policy': 'BeforeHookCreation', 'sync-wave': '-20' });
  expect(annotationsOf(objects, 'ServiceAccount', 'hookwave-demo-preflight')).toEqual({ hook: 'PreSync', 'hook-delete-policy': 'HookSucceeded', 'sync-wave': '-21' });
  expect(annotationsOf(objects, 'Job', 'hookwave-demo-watch')).toEqual({ hook: 'Sync', 'hook-delete-policy': 'BeforeHookCreation' });
  expect(annotationsOf(objects, 'Job', 'hookwave-demo-verify')).toEqual({ 'sync-wave': '10' });
  expect(annotationsOf(objects, 'ServiceAccount', 'hookwave-demo-verify')).toEqual({ 'sync-wave': '9' });
  expect(annotationsOf(objects, 'Job', 'hookwave-demo-rescue')['hook']).toBe('SyncFail');
  expect(annotationsOf(objects, 'ConfigMap', 'hookwave-demo-plan')).toEqual({ 'sync-wave': '11' });
});

test("the vendor's objects are untouched but for custom resource definitions", () => {
  const objects = objectsIn(new Demo(new App()));
  expect(annotationsOf(objects, 'ConfigMap', 'theirs')).toEqual({});
  expect(annotationsOf(objects, 'CustomResourceDefinition', 'things')).toEqual({ 'sync-wave': '-2', 'sync-options': 'Prune=false,ServerSideApply=true' });
});

test('each step is a container whose arguments say what runs; rights are the union of what steps declare', () => {
  const objects = objectsIn(new Demo(new App()));
  const job = objects.find(({ kind, metadata }) => kind === 'Job' && metadata.name === 'hookwave-demo-preflight');
  expect(job?.spec?.template.spec.initContainers[0]?.args).toEqual(['run', 'look', '--upgrade=demo', '--hooks-namespace=hookwave-demo', '--plan=0a1b2c3d', '--deadline-seconds=60', '--names=a,b', '--grace-seconds=5']);
  expect(job?.spec?.template.spec.containers[0]?.args).toContain('--grace-seconds=6');
  const role = objects.find(({ kind, metadata }) => kind === 'Role' && metadata.name === 'hookwave-demo-preflight');
  expect(role?.rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]);
});

test('the name of a once-Job changes with what it runs, and the content digest with any byte', () => {
  const [one, two] = ['runner:1', 'runner:2'].map((image) => objectsIn(new Demo(new App(), image)));
  const name = (objects: readonly Manifest[] | undefined) => objects?.find(({ kind, metadata }) => kind === 'Job' && metadata.name.startsWith('hookwave-demo-verify'))?.metadata.name;
  const content = (objects: readonly Manifest[] | undefined) => objects?.find(({ metadata }) => metadata.name === 'hookwave-demo-plan')?.data?.['content'];
  expect(name(one)).toMatch(/^hookwave-demo-verify-[0-9a-f]{8}$/);
  expect(name(one)).not.toBe(name(two));
  expect(content(one)).toMatch(/^[0-9a-f]{16}$/);
  expect(content(one)).not.toBe(content(two));
});

test('objects without a sequencer fail the validation of a plain synth; with one they are the same objects', () => {
  const plain = new App();
  new Demo(plain);
  expect(() => plain.synthYaml()).toThrow('no sequencer has seen it');
  const app = new App();
  const objects = objectsIn(new Demo(app));
  const synthesized = parseAllDocuments(app.synthYaml()).map((document) => document.toJS() as Manifest);
  const key = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;
  expect(new Map(synthesized.map((object) => [key(object), object]))).toEqual(new Map(objects.map((object) => [key(object), object])));
});

test('two objects with one identity are refused, with both places', () => {
  const app = new App();
  const chart = new Demo(app);
  const twin = new ApiObject(chart, 'twin', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs' } });
  place(twin, { placement: placement('upgrade', 0, 'tracked'), why: 'a mistake' });
  expect(() => argo(chart)).toThrow(/theirs stands twice.*demo\/vendor.*demo\/twin/);
});

test('a phase and a mode that the table does not have are an error', () => {
  expect(() => placement('preflight', 0, 'tracked')).toThrow('phase preflight has no tracked objects');
  expect(() => placement('upgrade', 0.5, 'tracked')).toThrow('integer');
});
