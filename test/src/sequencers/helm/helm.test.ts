import { ApiObject } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { HookJob } from '../../../../src/constructs/hook-job.ts';
import { place } from '../../../../src/constructs/placed.ts';
import { placement } from '../../../../src/plan/placement.ts';
import { helm } from '../../../../src/sequencers/helm/helm.ts';
import { chartVersion } from '../../../../src/sequencers/helm/chart-yaml.ts';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import { isGenerated, type OutputFile } from '../../../../src/sequencers/output.ts';
import { Demo } from './demo.ts';
import { differences } from './differences.ts';
import { helmsOwnWay } from './helms-own-way.ts';
import { hostileText, LINE_OF_A_BLANK } from './hostile-text.ts';
import { miniRender } from './mini-helm.ts';
import { byIdentity, exampleChart, EXAMPLES, objectsIn, plainObjects, unboundObjects, type Manifest } from './objects.ts';

const demo = (): readonly Manifest[] => objectsIn(miniRender(helm(new Demo())));

function find(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`the chart renders no ${kind} ${name}`);
  return found;
}

function helmAnnotations(objects: readonly Manifest[], kind: string, name: string): Record<string, string> {
  const { annotations = {} } = find(objects, kind, name).metadata;
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key.replace('helm.sh/', ''), value]));
}

function fileOf(files: readonly OutputFile[], name: string): string {
  return files.find((file) => file.name === name)?.text ?? '';
}

describe('phases', () => {
  test('become hooks of install, upgrade and rollback; identities stand one weight lower and go when the event has succeeded, those of long Jobs stay', () => {
    const objects = demo();
    const before = 'pre-install,pre-upgrade,pre-rollback';
    const after = 'post-install,post-upgrade,post-rollback';
    const job = (hook: string, weight: string) => ({ hook, 'hook-weight': weight, 'hook-delete-policy': 'before-hook-creation', 'hook-output-log-policy': 'hook-failed' });
    const identity = (hook: string, weight: string) => ({ hook, 'hook-weight': weight, 'hook-delete-policy': 'before-hook-creation,hook-succeeded' });
    expect(helmAnnotations(objects, 'Job', 'hookwave-demo-preflight')).toEqual(job(before, '-200'));
    expect(helmAnnotations(objects, 'Job', 'hookwave-demo-prepare')).toEqual(job(before, '-100'));
    expect(helmAnnotations(objects, 'Job', 'hookwave-demo-watch')).toEqual(job(after, '0'));
    expect(helmAnnotations(objects, 'Job', 'hookwave-demo-verify')).toEqual(job(after, '100'));
    expect(helmAnnotations(objects, 'Job', 'hookwave-demo-cleanup')).toEqual(job(after, '200'));
    for (const kind of ['ServiceAccount', 'Role', 'RoleBinding', 'ConfigMap']) expect(helmAnnotations(objects, kind, 'hookwave-demo-preflight')).toEqual(identity(before, '-201'));
    expect(helmAnnotations(objects, 'Role', 'hookwave-demo-cleanup')).toEqual(identity(after, '199'));
    expect(helmAnnotations(objects, 'Role', 'hookwave-demo-watch')).toEqual({ ...identity(after, '-1'), 'hook-delete-policy': 'before-hook-creation' });
    expect(helmAnnotations(objects, 'Role', 'hookwave-demo-verify')).toEqual({ ...identity(after, '99'), 'hook-delete-policy': 'before-hook-creation' });
  });

  test('the marker comes after the proof and stays; the namespace comes first and is never deleted for being there', () => {
    const objects = demo();
    expect(helmAnnotations(objects, 'ConfigMap', 'hookwave-demo-plan')).toEqual({ hook: 'post-install,post-upgrade,post-rollback', 'hook-weight': '101', 'hook-delete-policy': 'before-hook-creation' });
    const { 'hook-delete-policy': policy, ...rest } = helmAnnotations(objects, 'Namespace', 'hookwave-demo');
    expect(rest).toEqual({ hook: 'pre-install,pre-upgrade', 'hook-weight': '-1000' });
    expect(policy).not.toContain('before-hook-creation');
    expect(policy).not.toContain('hook-succeeded');
  });

  test('the release has the vendor\'s objects, untouched but for definitions, which are kept', () => {
    const objects = demo();
    expect(helmAnnotations(objects, 'ConfigMap', 'theirs')).toEqual({});
    expect(helmAnnotations(objects, 'CustomResourceDefinition', 'things.example.com')).toEqual({ 'resource-policy': 'keep' });
  });

  test('an optional rescue is left out, and so are steps that create objects of the release ahead of it, with their rights and files', () => {
    const objects = demo();
    expect(objects.filter(({ metadata }) => metadata.name.includes('rescue'))).toEqual([]);
    const prepare = find(objects, 'Job', 'hookwave-demo-prepare').spec?.template?.spec;
    expect([...(prepare?.initContainers ?? []), ...(prepare?.containers ?? [])].map(({ name }) => name)).toEqual(['look']);
    expect(objects.some(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'hookwave-demo-prepare')).toBe(false);
    expect(objects.some(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'hookwave-demo-prepare')).toBe(false);
    expect(objects.some(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'hookwave-demo-preflight')).toBe(true);
  });

  test('the proof has a fixed name, and is no once-Job that prepare would clear away', () => {
    expect(find(demo(), 'Job', 'hookwave-demo-verify').metadata.labels).not.toHaveProperty(['hookwave.dev/once']);
  });

  test('only annotations of Helm stand in a chart', () => {
    expect(helm(new Demo()).filter(({ text }) => text.includes('argocd'))).toEqual([]);
  });
});

test('lint finds nothing for Helm, and says why Argo CD should not deliver the chart', async () => {
  const text = miniRender(helm(await exampleChart()));
  const codes = (engine: 'helm' | 'argo') => lintManifests([{ file: 'chart.yaml', text }], { engine }).findings.map(({ code }) => code);
  expect(codes('helm')).toEqual([]);
  expect(codes('argo')).toContain('watch-after-sync');
});

test('the test is the proof as a Pod, with an identity of its own', () => {
  const objects = demo();
  const pod = find(objects, 'Pod', 'hookwave-demo-test');
  const job = find(objects, 'Job', 'hookwave-demo-verify');
  expect(helmAnnotations(objects, 'Pod', 'hookwave-demo-test')).toEqual({ hook: 'test', 'hook-weight': '0', 'hook-delete-policy': 'before-hook-creation', 'hook-output-log-policy': 'hook-succeeded,hook-failed' });
  expect(pod.spec?.containers?.[0]?.args).toEqual(job.spec?.template?.spec.containers?.[0]?.args);
  expect(pod.spec?.containers?.[0]?.env?.map(({ name }) => name)).not.toContain('JOB_NAME');
  expect(pod.spec?.serviceAccountName).toBe('hookwave-demo-test');
  expect(pod.spec?.activeDeadlineSeconds).toBe(job.spec?.activeDeadlineSeconds);
  expect(find(objects, 'Role', 'hookwave-demo-test').rules).toEqual(find(objects, 'Role', 'hookwave-demo-verify').rules);
  expect(helmAnnotations(objects, 'ServiceAccount', 'hookwave-demo-test')).toEqual({ hook: 'test', 'hook-weight': '-1', 'hook-delete-policy': 'before-hook-creation,hook-succeeded' });
});

describe('values', () => {
  test('the defaults render what the chart is written from', () => {
    expect(byIdentity(demo())).toEqual(byIdentity(unboundObjects(new Demo())));
  });

  test.each(EXAMPLES)('the defaults render the plain synthesis of %s, but for what Helm does in another way', async (name) => {
    expect(differences(plainObjects(await exampleChart(name)), objectsIn(miniRender(helm(await exampleChart(name)))))).toEqual(helmsOwnWay(name));
  });

  test('any text of a user or vendor survives', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const objects = objectsIn(miniRender(helm(new Demo({ text }))));
        expect(find(objects, 'ConfigMap', 'hookwave-demo-preflight').data).toEqual({ 'text.txt': text });
        expect(find(objects, 'Job', 'hookwave-demo-preflight').spec?.template?.spec.containers?.[0]?.args).toContain(`--what=${text}`);
        expect(find(objects, 'ConfigMap', 'theirs').data).toEqual({ rule: '{{ .Values.nothing }} and {{- trimmed -}}' });
      }),
      { numRuns: 50, examples: [[LINE_OF_A_BLANK]] },
    );
  });

  test('the runner reaches every container of it, the guard in the vendor\'s workload included', async () => {
    const runner = { image: 'mirror.example.com/{{odd}}', imagePullPolicy: 'Always' };
    const objects = objectsIn(miniRender(helm(await exampleChart()), { runner }));
    const images = objects.flatMap(({ spec }) => [...(spec?.template?.spec.initContainers ?? []), ...(spec?.template?.spec.containers ?? []), ...(spec?.containers ?? [])]).map(({ image }) => image);
    expect(images.filter((image) => image === runner.image).length).toBeGreaterThan(8);
    expect(images.filter((image) => image.includes('hookwave'))).toEqual([]);
    expect(find(objects, 'DaemonSet', 'calico-node').spec?.template?.spec.initContainers?.[0]).toMatchObject({ name: 'hookwave-guard', ...runner });
  });

  test('a deadline reaches the flags of its steps, in seconds, and the life of its Job', () => {
    const objects = objectsIn(miniRender(helm(new Demo()), { deadlines: { preflight: '2m', watch: '1h', verify: '45s' } }));
    const argsOf = (name: string) => find(objects, 'Job', name).spec?.template?.spec.containers?.[0]?.args;
    expect(argsOf('hookwave-demo-preflight')).toContain('--deadline-seconds=120');
    expect(find(objects, 'Job', 'hookwave-demo-preflight').spec?.activeDeadlineSeconds).toBe(240);
    expect(argsOf('hookwave-demo-watch')).toEqual(expect.arrayContaining(['--deadline-seconds=3630', '--grace-seconds=3600']));
    expect(find(objects, 'Job', 'hookwave-demo-watch').spec?.activeDeadlineSeconds).toBe(3750);
    expect(find(objects, 'Pod', 'hookwave-demo-test').spec?.activeDeadlineSeconds).toBe(165);
    expect(argsOf('hookwave-demo-cleanup')).toContain('--deadline-seconds=90');
  });

  test('values.yaml says what the spec says, with the spec\'s descriptions; the schema takes exactly that', async () => {
    const files = helm(await exampleChart());
    const values = parse(fileOf(files, 'values.yaml')) as Record<string, Record<string, unknown>>;
    expect(values).toEqual({
      runner: { image: expect.stringMatching(/runner:v/), imagePullPolicy: 'IfNotPresent' },
      deadlines: { preflight: '5m', prepare: '5m', rollout: '1h', stall: '10m', verify: '10m', cleanup: '5m' },
      namespace: { create: true },
    });
    expect(fileOf(files, 'values.yaml')).toContain('  # The rollout of calico-node over all nodes; then it is frozen.\n  rollout: 1h');
    const schema = JSON.parse(fileOf(files, 'values.schema.json')) as { properties: Record<string, { properties?: Record<string, object>; required?: string[] }>; additionalProperties: boolean };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toEqual([...Object.keys(values), 'global']);
    for (const [section, members] of Object.entries(values)) {
      expect(schema.properties[section]).toMatchObject({ required: Object.keys(members), additionalProperties: false });
    }
    expect(schema.properties['runner']?.properties?.['imagePullPolicy']).toMatchObject({ enum: ['Always', 'IfNotPresent', 'Never'] });
    expect(schema.properties['deadlines']?.properties?.['stall']).toMatchObject({ type: 'string', pattern: expect.stringContaining('(s|m|h)'), default: '10m' });
  });

  test('places that disagree about a deadline are an error of the recipe', () => {
    class Wrong extends Demo {
      override readonly deadlines = [
        { field: 'deadlines.watch', job: 'watch', flag: 'deadline-seconds' },
        { field: 'deadlines.watch', job: 'watch', flag: 'grace-seconds' },
      ];
    }
    expect(() => helm(new Wrong())).toThrow('deadlines.watch is 90 s elsewhere, but --grace-seconds of job watch says 60 s');
  });
});

describe('what Helm can\'t express is an error that names the construct', () => {
  const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: helper\n';

  test('a wave after the workloads, unless it is only a wish', () => {
    expect(() => helm(new Demo({ vendor: POD, wave: 1 }))).toThrow(/Pod helper at demo\/vendor\/.* waits for what stands before wave 1/);
    expect(objectsIn(miniRender(helm(new Demo({ vendor: POD, wave: 1, loose: true })))).map(({ metadata }) => metadata.name)).toContain('helper');
  });

  test('a wave below the workloads for a kind that Helm does not apply first', () => {
    expect(() => helm(new Demo({ vendor: POD, wave: -1 }))).toThrow(/Pod helper at demo\/vendor\/.* Helm orders a release by kind/);
  });

  test('a custom resource beside its definition, and a hook of the vendor', () => {
    const vendor = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\nspec:\n  group: example.com\n  names:\n    kind: Thing\n---\napiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: one\n---\n${POD}  annotations:\n    helm.sh/hook: pre-delete\n`;
    const attempt = () => helm(new Demo({ vendor }));
    expect(attempt).toThrow(/Thing one at demo\/vendor\/.* things\.example\.com of the same release defines/);
    expect(attempt).toThrow(/Pod helper at demo\/vendor\/.* carries helm\.sh\/hook of its vendor/);
  });

  test('a Job of steps in the upgrade phase, a tracked workload after it, a wave without room', () => {
    const chart = new Demo();
    const add = (id: string, kind: string, where: Parameters<typeof placement>) => place(new ApiObject(chart, id, { apiVersion: 'apps/v1', kind, metadata: { name: id } }), { placement: placement(...where), why: 'test' });
    add('late', 'Deployment', ['verify', 0, 'tracked']);
    add('far', 'ConfigMap', ['prepare', 50, 'hook']);
    new HookJob(chart, 'midway', { ...chart.common, phase: 'upgrade', mode: 'tracked', steps: chart.steps });
    expect(() => helm(chart)).toThrow(/Job hookwave-demo-midway-[0-9a-f]{8} at demo\/midway\/Job is a Job in the middle of the upgrade/);
    expect(() => helm(chart)).toThrow(/Deployment late at demo\/late is a tracked Deployment/);
    expect(() => helm(chart)).toThrow(/ConfigMap far at demo\/far has wave 50/);
  });

  test('a Job or an object of rescue, unless it is optional', () => {
    const notify = (optional: boolean) => {
      const chart = new Demo();
      new HookJob(chart, 'notify', { ...chart.common, phase: 'rescue', optional, steps: chart.steps, files: { 'text.txt': 'text' } });
      const own = new ApiObject(chart, 'own', { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'own' } });
      place(own, { placement: placement('rescue', 0, 'hook'), why: 'test', optional });
      return () => helm(chart);
    };
    expect(notify(false)).toThrow(/^- Job hookwave-demo-notify at demo\/notify\/Job has its place in rescue, and Helm has no hook for a failure/m);
    expect(notify(false)).toThrow(/^- Job own at demo\/own has its place in rescue/m);
    expect(notify(false)).not.toThrow(/hookwave-demo-rescue/);
    expect(byIdentity(objectsIn(miniRender(notify(true)())))).toEqual(byIdentity(demo()));
  });
});

describe('files', () => {
  test('every file says that it is generated', () => {
    expect(helm(new Demo()).filter(({ text }) => !isGenerated(text))).toEqual([]);
  });

  test('the version is the target\'s with the plan as build metadata, whatever the digits', () => {
    expect(chartVersion('v3.32.1', '01234567')).toBe('3.32.1+01234567');
    expect(chartVersion('1.28', 'abcdef01')).toBe('1.28.0+abcdef01');
    expect(chartVersion('edge', 'abcdef01')).toBe('0.0.0+abcdef01');
    expect(parse(fileOf(helm(new Demo()), 'Chart.yaml'))).toMatchObject({ apiVersion: 'v2', name: 'demo', version: '1.3.0+0a1b2c3d', appVersion: 'v1.3.0' });
  });

  test('the content digest of the marker changes with any byte', () => {
    const content = (text: string) => find(unboundObjects(new Demo({ text })), 'ConfigMap', 'hookwave-demo-plan').data?.['content'];
    expect(content('a')).toMatch(/^[0-9a-f]{16}$/);
    expect(content('a')).not.toBe(content('b'));
  });

  test('the end of a document is kept from Helm\'s trimming', () => {
    const vendor = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: theirs\ndata:\n  text: |+\n    line   \n\n\n';
    const files = helm(new Demo({ vendor }));
    expect(fileOf(files, 'templates/3-upgrade-theirs.yaml')).toMatch(/\n\n\n# end\n$/);
    expect(find(objectsIn(miniRender(files)), 'ConfigMap', 'theirs').data).toEqual({ text: 'line   \n\n\n' });
  });
});
