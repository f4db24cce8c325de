import { describe, expect, test } from 'vitest';
import { exampleDaemonSet, exampleJob, exampleObject, EXAMPLE_MARKER, stream } from '../../../../src/sequencers/lint/example.ts';
import { definitionTooLate } from '../../../../src/sequencers/lint/rules/definition-too-late.ts';
import { lintManifests } from '../../../../src/sequencers/lint/lint.ts';
import type { LintOptions } from '../../../../src/sequencers/lint/model.ts';
import { listOf } from './list-of.ts';

const ARGO = 'argocd.argoproj.io';

function found(text: string, options?: LintOptions): readonly string[] {
  return lintManifests([{ file: 'a.yaml', text }], options).findings.map(({ code, line }) => `${line} ${code}`);
}

const codes = (text: string, options?: LintOptions): readonly string[] => [...new Set(found(text, options).map((one) => one.split(' ')[1] ?? ''))];

describe('a finding', () => {
  test('has the line of its annotation or field, the object, and what to do', () => {
    const { findings, objects } = lintManifests([{ file: 'b.yaml', text: stream(EXAMPLE_MARKER, exampleJob({ spec: ['backoffLimit: 1'], annotations: [`${ARGO}/hook: PreSync,Bad`] })) }]);
    expect(objects).toBe(2);
    expect(findings).toEqual([
      expect.objectContaining({ code: 'hook-type-unknown', level: 'error', file: 'b.yaml', line: 13, path: 'metadata.annotations["argocd.argoproj.io/hook"]', object: { apiVersion: 'batch/v1', kind: 'Job', name: 'migrate' } }),
      expect.objectContaining({ code: 'hook-job-no-deadline', line: 14, path: 'spec.activeDeadlineSeconds', fix: expect.stringContaining('activeDeadlineSeconds') as string }),
    ]);
    expect(findings[0]?.message).toBe('Argo CD knows no hook type Bad; it runs as PreSync only');
  });

  test('is kept away by an annotation of the object, for the codes it names', () => {
    const job = (ignored: string): string => stream(EXAMPLE_MARKER, exampleJob({ spec: [], annotations: [`${ARGO}/hook: PreSync`, `hookwave.dev/lint-ignore: ${ignored}`] }));
    expect(codes(job('hook-job-no-deadline'))).toEqual(['hook-job-no-backoff-limit']);
    expect(codes(job('hook-job-no-deadline, hook-job-no-backoff-limit'))).toEqual([]);
  });

  test('looks at all files of an application together', () => {
    const [job, account] = [exampleJob({ pod: ['restartPolicy: Never', 'serviceAccountName: migrate'] }), exampleObject('v1', 'ServiceAccount', 'migrate')];
    const files = [job, account, EXAMPLE_MARKER].map((text, index) => ({ file: `${index}.yaml`, text }));
    expect(lintManifests(files).findings.map(({ file, code, message }) => [file, code, message])).toEqual([
      ['0.yaml', 'reference-too-late', 'needs ServiceAccount migrate, which is applied in Sync wave 0, after PreSync wave 0'],
    ]);
  });
});

describe('items of one List', () => {
  test('are different objects where they differ', () => {
    expect(codes(listOf([EXAMPLE_MARKER, EXAMPLE_MARKER.replace('0a1b', '1b0a')]))).toEqual(['duplicate-identity']);
  });

  test('do not take the words of one for those of another', () => {
    const items = [EXAMPLE_MARKER, exampleDaemonSet(), exampleJob({ name: 'rollout-watch', annotations: [`${ARGO}/hook: Sync`] }), exampleJob()];
    expect(codes(listOf(items))).toEqual(['watchdog-in-wave']);
    expect(codes(listOf([...items, exampleObject('v1', 'ConfigMap', 'words', [], 'data: {strategy: OnDelete}')]))).toEqual(['watchdog-in-wave']);
  });

  test('are hooks of Helm only by the annotations of the List', () => {
    const job = exampleJob({ annotations: ['helm.sh/hook: pre-upgrade', 'helm.sh/hook-delete-policy: before-hook-creation'] });
    const plain = exampleJob({ annotations: [] });
    expect(codes(listOf([job]), { engine: 'helm' })).toEqual(['tracked-job-fixed-name', 'annotation-misplaced']);
    expect(codes(listOf([job]), { engine: 'argo' })).toEqual(codes(job, { engine: 'argo' }));
    expect(codes(listOf([plain], 'metadata: {annotations: {helm.sh/hook: pre-upgrade}}\n'), { engine: 'helm' })).toEqual([]);
    expect(codes(listOf([exampleJob({ annotations: [], spec: ['backoffLimit: 1'] })], 'metadata: {annotations: {helm.sh/hook: pre-upgrade}}\n'), { engine: 'helm' })).toEqual(['hook-job-no-deadline']);
  });
});

describe('the tool that is looked at', () => {
  const test_ = exampleJob({ annotations: ['helm.sh/hook: test'], spec: [] });

  test('a chart is judged for both tools, without advice on how an application is made', () => {
    expect(codes(exampleJob({ annotations: ['helm.sh/hook: pre-upgrade', 'helm.sh/hook-delete-policy: hook-succeeded'], name: 'a' }))).toEqual(['hook-job-not-recreated']);
    expect(codes(test_)).toEqual(['helm-hook-not-run-by-argo']);
    expect(codes(exampleObject('v1', 'ServiceAccount', 'a', ['helm.sh/hook: test']))).toEqual([]);
  });

  test('--engine helm and --engine argo look at one', () => {
    expect(codes(test_, { engine: 'helm' })).toEqual([]);
    expect(codes(exampleJob({ annotations: ['helm.sh/hook: post-upgrade'] }), { engine: 'argo' })).toEqual(['hook-only-app']);
    expect(codes(exampleJob({ annotations: [`${ARGO}/hook: Garbage`] }), { engine: 'helm' })).toEqual(['tracked-job-fixed-name']);
  });

  test('of two hooks of one name Helm fails at the second where nothing has deleted the first', () => {
    const twice = (kind: string, policy: string, events = ['pre-install', 'pre-install']): string => stream(...events.map((event, index) => exampleObject('v1', kind, 'same', [`helm.sh/hook: ${event}`, `helm.sh/hook-delete-policy: ${policy}`], 'data:', `  number: "${index}"`)));
    expect(codes(twice('ConfigMap', 'hook-succeeded'), { engine: 'helm' })).toContain('duplicate-identity');
    expect(codes(twice('ConfigMap', 'hook-succeeded', ['pre-install', 'post-install']), { engine: 'helm' })).not.toContain('duplicate-identity');
    expect(codes(twice('ConfigMap', 'before-hook-creation,hook-succeeded'), { engine: 'helm' })).not.toContain('duplicate-identity');
    expect(codes(twice('CustomResourceDefinition', 'before-hook-creation'), { engine: 'helm' })).toContain('duplicate-identity');
  });

  test('Helm waits for no definition that is a hook; a Job between it and its custom resource can', () => {
    const definition = definitionTooLate.bad.split('---\n')[0] ?? '';
    const resource = exampleObject('example.com/v1', 'Widget', 'first', ['helm.sh/hook: pre-install,pre-upgrade', 'helm.sh/hook-weight: "2"']);
    const job = exampleJob({ annotations: ['helm.sh/hook: pre-install,pre-upgrade', 'helm.sh/hook-weight: "1"'] });
    expect(codes(stream(definition, resource), { engine: 'helm' })).toEqual(['definition-too-late']);
    expect(codes(stream(definition, job, resource), { engine: 'helm' })).toEqual([]);
    expect(codes(stream(definition, job.replace('pre-install,', ''), resource), { engine: 'helm' })).toEqual(['definition-too-late']);
    expect(codes(stream(definition, resource.replace('pre-install,pre-upgrade', 'post-install')), { engine: 'helm' })).toEqual([]);
  });

  test('of two hooks of one name Argo CD loses one, Helm none; of two objects one of which is ordinary both do', () => {
    const hooks = stream(exampleJob({ annotations: ['helm.sh/hook: pre-upgrade'] }), exampleJob({ annotations: ['helm.sh/hook: post-upgrade'] }));
    expect(codes(hooks)).toEqual(['duplicate-identity']);
    expect(codes(hooks, { engine: 'helm' })).toEqual([]);
    expect(codes(stream(EXAMPLE_MARKER, exampleObject('v1', 'ConfigMap', 'upgrade-plan', ['helm.sh/hook: pre-install'])), { engine: 'helm' })).toEqual(['duplicate-identity']);
    expect(codes(stream(EXAMPLE_MARKER, EXAMPLE_MARKER.replace('0a1b', '1b0a')), { engine: 'helm' })).toEqual(['duplicate-identity']);
  });

  test('an event that Helm does not know is nothing to those who look at Argo CD alone', () => {
    const job = exampleJob({ annotations: ['helm.sh/hook: pre-upgrade,before-upgrade'] });
    expect(codes(stream(EXAMPLE_MARKER, job), { engine: 'helm' })).toEqual(['helm-hook-unknown']);
    expect(codes(stream(EXAMPLE_MARKER, job), { engine: 'argo' })).toEqual([]);
  });

  test('both families on one object: a fallback of Argo CD to the types of Helm is said', () => {
    const job = exampleJob({ annotations: [`${ARGO}/hook: Garbage`, 'helm.sh/hook: pre-upgrade'] });
    const { findings } = lintManifests([{ file: 'a.yaml', text: stream(EXAMPLE_MARKER, job) }]);
    expect(findings.map(({ message }) => message)).toEqual(['Argo CD knows no hook type Garbage; it runs as PreSync only']);
  });

  test('Skip for Argo CD beside a Helm hook is meant, and no disagreement', () => {
    expect(codes(stream(EXAMPLE_MARKER, exampleJob({ annotations: [`${ARGO}/hook: Skip`, 'helm.sh/hook: pre-upgrade', 'helm.sh/hook-weight: "3"', 'helm.sh/hook-delete-policy: before-hook-creation'] })))).toEqual([]);
  });
});

describe("a Helm hook with Argo CD's annotations beside it", () => {
  const said = (annotations: readonly string[], options?: LintOptions): readonly string[] =>
    lintManifests([{ file: 'a.yaml', text: stream(EXAMPLE_MARKER, exampleJob({ annotations: ['helm.sh/hook: pre-upgrade', ...annotations] })) }], options).findings.flatMap(({ code, message }) => (code === 'hook-dialects-disagree' ? [message] : []));

  test('the sync wave counts, not the weight: said where they differ', () => {
    expect(said(['helm.sh/hook-weight: "5"', `${ARGO}/sync-wave: "1"`])).toEqual(['wave 1 for Argo CD, weight 5 for Helm']);
    expect(said([`${ARGO}/sync-wave: "1"`])).toEqual(['wave 1 for Argo CD, weight 0 for Helm']);
    expect(said(['helm.sh/hook-weight: "5"', `${ARGO}/sync-wave: "5"`])).toEqual([]);
    expect(said(['helm.sh/hook-weight: "5"'])).toEqual([]);
  });

  test('the delete policies are united: said where that is more than Helm reads', () => {
    const helms = 'helm.sh/hook-delete-policy: before-hook-creation';
    expect(said([helms, `${ARGO}/hook-delete-policy: HookSucceeded`])).toEqual(['Argo CD deletes by BeforeHookCreation, HookSucceeded, Helm by BeforeHookCreation']);
    expect(said([`${ARGO}/hook-delete-policy: HookFailed`])).toEqual(['Argo CD deletes by HookFailed, Helm by BeforeHookCreation']);
    expect(said([helms, `${ARGO}/hook-delete-policy: BeforeHookCreation`])).toEqual([]);
  });

  test('nothing is said where Argo CD does not run it, or is not looked at', () => {
    const both = ['helm.sh/hook-weight: "5"', `${ARGO}/sync-wave: "1"`];
    expect(said(both, { engine: 'helm' })).toEqual([]);
    expect(said([`${ARGO}/hook: Skip`, ...both])).toEqual([]);
    expect(said(both.slice(1), { engine: 'argo' })).toEqual(['wave 1 for Argo CD, weight 0 for Helm']);
    const job = exampleJob({ annotations: ['helm.sh/hook: test', ...both] });
    expect(codes(stream(EXAMPLE_MARKER, job))).not.toContain('hook-dialects-disagree');
  });
});

describe('order under Helm', () => {
  const account = (annotations: readonly string[], name = 'z'): string => exampleObject('v1', 'ServiceAccount', name, annotations);
  const job = exampleJob({ annotations: ['helm.sh/hook: pre-install', 'helm.sh/hook-weight: "1"', 'helm.sh/hook-delete-policy: before-hook-creation'], pod: ['restartPolicy: Never', 'serviceAccountName: z'] });
  const hook = ['helm.sh/hook: pre-install', 'helm.sh/hook-delete-policy: hook-succeeded'];

  test('equal weight: the name decides, so the account comes too late', () => {
    const { findings } = lintManifests([{ file: 'a.yaml', text: stream(job, account([...hook, 'helm.sh/hook-weight: "1"'])) }]);
    expect(findings.map(({ message }) => message)).toEqual(['needs ServiceAccount z, which Helm creates after it in pre-install: it sorts hooks by weight, then by name']);
  });

  test('equal weight and equal name: the kind decides, so the account is in time', () => {
    expect(codes(stream(job.replace('name: migrate', 'name: z'), account([...hook, 'helm.sh/hook-weight: "1"'])))).toEqual([]);
  });

  test("a chart that says a sync option for Argo CD is still judged as a chart, one with Argo CD's waves is not", () => {
    const definition = (annotation: string): string => stream(job.replace(/ *serviceAccountName.*\n/, ''), exampleObject('apps/v1', 'DaemonSet', 'a', [annotation]));
    expect(codes(definition(`${ARGO}/sync-options: ServerSideApply=true`))).toEqual([]);
    expect(codes(definition(`${ARGO}/sync-wave: "0"`))).toEqual(expect.arrayContaining(['no-marker', 'final-wave-ungated']));
  });

  test('a lower weight is in time; an object of the release is not', () => {
    expect(codes(stream(job, account([...hook, 'helm.sh/hook-weight: "0"'])))).toEqual([]);
    expect(codes(stream(job, account([])), { engine: 'helm' })).toEqual(['reference-too-late']);
  });
});

describe('order under Argo CD', () => {
  const pod = ['restartPolicy: Never', 'serviceAccountName: migrate'];
  const hook = (wave: string): readonly string[] => [`${ARGO}/hook: PreSync`, `${ARGO}/hook-delete-policy: HookSucceeded`, `${ARGO}/sync-wave: "${wave}"`];
  const account = exampleObject('v1', 'ServiceAccount', 'migrate', hook('0'));
  const binding = (annotations: readonly string[]): string =>
    exampleObject('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'migrate', annotations, 'subjects:', '  - {kind: ServiceAccount, name: migrate, namespace: x}', 'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}');

  test('the order of kinds makes an account of the same wave come in time, and its binding', () => {
    expect(codes(stream(EXAMPLE_MARKER, exampleJob({ pod }), account, binding(hook('0'))))).toEqual([]);
  });

  test('a binding that comes later is too late for a hook', () => {
    expect(codes(stream(EXAMPLE_MARKER, exampleJob({ pod }), account, binding([])))).toEqual(['reference-too-late']);
    expect(codes(stream(EXAMPLE_MARKER, exampleJob({ pod }), account, binding(hook('1'))))).toEqual(['reference-too-late']);
  });

  test('an ordinary workload waits for a later wave too', () => {
    const deployment = exampleObject('apps/v1', 'Deployment', 'a', [], 'spec:', '  template:', '    spec:', '      containers:', '        - envFrom: [{secretRef: {name: s}}, {configMapRef: {name: none, optional: true}}]');
    const secret = exampleObject('v1', 'Secret', 's', [`${ARGO}/sync-wave: "1"`]);
    expect(codes(stream(deployment, secret))).toEqual(['reference-too-late']);
    expect(codes(stream(deployment, secret.replace('"1"', '"-1"')))).not.toContain('reference-too-late');
  });

  test('secrets that others make are no open references', () => {
    const job = exampleJob({ pod: ['restartPolicy: Never', 'volumes: [{name: v, secret: {secretName: s}}]'], container: ['volumeMounts: [{name: v, mountPath: /v}]'] });
    expect(codes(stream(EXAMPLE_MARKER, job))).toEqual(['reference-not-found']);
    expect(codes(stream(EXAMPLE_MARKER, job, exampleObject('external-secrets.io/v1', 'ExternalSecret', 'x', [], 'spec:', '  target: {name: s}')))).not.toContain('reference-not-found');
  });
});

describe('names of Jobs', () => {
  const name = (length: number): string => 'j'.repeat(length);
  const hook = [`${ARGO}/hook: PostSync`];

  test('63 characters are taken, 64 are not; a CronJob has 52', () => {
    expect(codes(stream(EXAMPLE_MARKER, exampleJob({ name: name(63) })))).toEqual([]);
    expect(codes(stream(EXAMPLE_MARKER, exampleJob({ name: name(64) })))).toEqual(['job-name-too-long']);
    expect(codes(exampleObject('batch/v1', 'CronJob', name(52)))).toEqual([]);
    expect(codes(exampleObject('batch/v1', 'CronJob', name(53)))).toEqual(['job-name-too-long']);
  });

  test('what Argo CD adds to a generateName counts, and the index of an Indexed Job', () => {
    const generated = (length: number): string => exampleJob({ name: '', annotations: hook }).replace('metadata:\n', `metadata:\n  generateName: ${name(length - 1)}-\n`);
    expect(codes(stream(EXAMPLE_MARKER, generated(36)))).toEqual([]);
    expect(codes(stream(EXAMPLE_MARKER, generated(37)))).toEqual(['job-name-too-long']);
    const indexed = (length: number): string => exampleJob({ name: name(length), spec: ['backoffLimit: 0', 'activeDeadlineSeconds: 9', 'completionMode: Indexed', 'completions: 11'] });
    expect(codes(stream(EXAMPLE_MARKER, indexed(60)))).toEqual([]);
    expect(codes(stream(EXAMPLE_MARKER, indexed(61)))).toEqual(['job-name-too-long']);
  });
});

test('sync options of the Application count for all its objects, but for those that say otherwise', () => {
  const large = exampleObject('v1', 'ConfigMap', 'a', [], 'data:', `  a: ${'x'.repeat(300_000)}`);
  expect(codes(large)).toEqual(['server-side-apply-required']);
  expect(codes(large, { syncOptions: ['ServerSideApply=true'] })).toEqual([]);
  expect(codes(stream(EXAMPLE_MARKER, exampleJob()), { syncOptions: ['Replace=true'] })).toEqual(['hook-replace-force']);
  expect(codes(stream(EXAMPLE_MARKER, exampleJob({ annotations: [`${ARGO}/hook: PreSync`, `${ARGO}/sync-options: Replace=false`] })), { syncOptions: ['Replace=true'] })).toEqual([]);
});

describe('keys with the prefix of a tool', () => {
  const fixes = (key: string): readonly string[] => lintManifests([{ file: 'a', text: exampleObject('v1', 'ConfigMap', 'a', [`${key}: "1"`]) }]).findings.map(({ code, level, fix }) => `${level} ${code}: ${fix}`);

  test.each([
    ['helm.sh/hook-weigth', 'helm.sh/hook-weight'],
    ['helm.sh/delete-policy', 'helm.sh/hook-delete-policy'],
    [`${ARGO}/hook-weight`, `${ARGO}/sync-wave`],
    [`${ARGO}/delete-policy`, `${ARGO}/hook-delete-policy`],
    [`${ARGO}/hook-type`, `${ARGO}/hook`],
    ['argoproj.io/sync-wave', `${ARGO}/sync-wave`],
  ])('%s is misspelled, and the key that is meant is named', (key, meant) => {
    expect(fixes(key)).toEqual([`error annotation-misspelled: write ${meant}`]);
  });

  test.each([`${ARGO}/some-news-of-version-four`, `${ARGO}/depends-on`, 'helm.sh/run-before', 'helm.sh/timeout'])('%s is unknown: a warning', (key) => {
    expect(fixes(key)).toEqual([expect.stringMatching(/^warning annotation-unknown: take it away/)]);
  });

  test.each([`${ARGO}/ignore-healthcheck`, `${ARGO}/managed-by-url`, `${ARGO}/hydrate-timestamp`, `${ARGO}/health-aggregate-overrides`, 'helm.sh/resource-policy', 'helm.sh/chart'])('%s is known', (key) => {
    expect(fixes(key)).toEqual([]);
  });

  test.each(['example.com/hook', 'meta.helm.sh/release-name', 'link.argocd.argoproj.io/docs', 'notifications.argoproj.io/subscribe.on-sync-failed.slack'])('%s is let be: another prefix', (key) => {
    expect(fixes(key)).toEqual([]);
  });
});

test('a generateName is for hooks of Argo CD alone: Helm fails on its own hooks, too', () => {
  const generated = (annotation: string): string => stream(EXAMPLE_MARKER, exampleJob({ name: '', annotations: [annotation] }).replace('metadata:\n', 'metadata:\n  generateName: migrate-\n'));
  expect(codes(generated(`${ARGO}/hook: PreSync`))).toEqual([]);
  expect(codes(generated('helm.sh/hook: pre-install'))).toEqual(['generate-name-not-hook']);
  expect(codes(generated('helm.sh/hook: pre-install'), { engine: 'argo' })).toEqual([]);
});
