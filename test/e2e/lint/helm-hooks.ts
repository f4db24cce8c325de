import { expect, it } from 'vitest';
import { EXAMPLE_MARKER, exampleDaemonSet, exampleJob, exampleObject, stream, type ExampleJob } from '../../../src/sequencers/lint/example.ts';
import { waitFor } from '../../cluster/wait-for.ts';
import { examplesOf, runs } from './examples.ts';
import { helmTrial, type HelmCluster, type HelmTrial } from './helm-trials.ts';

const hook = (policy: string | undefined, options: ExampleJob = {}): string =>
  exampleJob({ annotations: ['helm.sh/hook: pre-install,pre-upgrade', ...(policy === undefined ? [] : [`helm.sh/hook-delete-policy: ${policy}`])], ...options });
const FAILS: ExampleJob = { spec: ['backoffLimit: 0', 'activeDeadlineSeconds: 600'], ...runs('exit', '1') };

/** What Helm does with hooks that are left over, hang, vanish or come too early. */
export function helmHooks(used: HelmCluster, major: 3 | 4): void {
  it('hook-job-not-recreated: what a failed release leaves behind stops the next one', async () => {
    const one = await helmTrial(used, major, 'not-recreated');
    expect(await one.helm('install', hook('hook-succeeded', FAILS))).toMatch(/^Error/);
    const left = (await one.get('jobs', 'migrate')).metadata.uid;
    expect(await one.helm('upgrade', hook('hook-succeeded', runs('print', 'mended')), '--install')).toMatch(major === 3 ? /already exists/ : /field is immutable/);
    expect((await one.get('jobs', 'migrate')).metadata.uid).toBe(left);
    expect(await one.helm('upgrade', hook('before-hook-creation,hook-succeeded'), '--install')).not.toMatch(/^Error/);
  });

  it('delete-policy-unknown: the hook is never deleted, and is in the way of the next release', async () => {
    const one = await helmTrial(used, major, 'policy-unknown');
    expect(await one.helm('install', hook('hook-suceeded'))).not.toMatch(/^Error/);
    const { uid } = (await one.get('jobs', 'migrate')).metadata;
    const again = await one.helm('upgrade', hook('hook-suceeded'));
    if (major === 3) expect(again).toMatch(/already exists/);
    // Helm 4 applies it over the finished one, and takes its result.
    else expect(again).not.toMatch(/^Error/);
    expect((await one.get('jobs', 'migrate')).metadata.uid).toBe(uid);
  });

  it('hook-job-no-deadline: Helm gives up and leaves the Job; the next try deletes it in its work', async () => {
    const one = await helmTrial(used, major, 'no-deadline');
    const endless = hook('before-hook-creation', { spec: ['backoffLimit: 0'], pod: ['restartPolicy: Never', 'terminationGracePeriodSeconds: 1'], ...runs('sleep', '600') });
    expect(await one.helm('install', endless, '--timeout', '8s')).toMatch(/^Error/);
    const left = await one.get('jobs', 'migrate');
    expect(left.status).toMatchObject({ active: 1 });
    expect(await one.helm('upgrade', endless, '--install', '--timeout', '3s')).toMatch(/^Error/);
    expect((await one.get('jobs', 'migrate')).metadata.uid).not.toBe(left.metadata.uid);
    const bounded = hook('before-hook-creation', { spec: ['backoffLimit: 0', 'activeDeadlineSeconds: 3'], ...runs('sleep', '600') });
    expect(await one.helm('upgrade', bounded, '--install')).toMatch(/^Error/);
    expect((await one.get('jobs', 'migrate')).status.conditions).toContainEqual(expect.objectContaining({ type: 'Failed', reason: 'DeadlineExceeded' }));
  });

  it('hook-job-ttl-too-short: a Job that is gone while Helm waits counts as done for Helm 3, and times out for Helm 4', async () => {
    const one = await helmTrial(used, major, 'gone');
    const waiting = one.helm('install', hook(undefined, { pod: ['restartPolicy: Never', 'terminationGracePeriodSeconds: 1'], ...runs('sleep', '600') }), '--timeout', '25s');
    await waitFor('the Job to run', async () => (await one.get('jobs', 'migrate'))?.status.active === 1);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await one.remove('jobs', 'migrate');
    expect(await waiting).toMatch(major === 3 ? /STATUS: deployed/ : /^Error/);
  });

  it('reference-too-late: equal weights run by name, whatever the kind; by kind only where the name is the same', async () => {
    const account = (weight: string, name = 'z'): string => exampleObject('v1', 'ServiceAccount', name, ['helm.sh/hook: pre-install', `helm.sh/hook-weight: "${weight}"`]);
    const jobOf = (name: string): string => exampleJob({ annotations: ['helm.sh/hook: pre-install', 'helm.sh/hook-delete-policy: before-hook-creation'], pod: ['restartPolicy: Never', `serviceAccountName: ${name}`] });
    const job = jobOf('z');
    const late = await helmTrial(used, major, 'late');
    expect(await late.helm('install', stream(account('0'), job), '--timeout', '8s')).toMatch(/^Error/);
    expect([await late.get('serviceaccounts', 'z'), await late.list('pods')]).toEqual([undefined, []]);
    const inTime = await helmTrial(used, major, 'in-time');
    expect(await inTime.helm('install', stream(account('-1'), job))).not.toMatch(/^Error/);
    const sameName = await helmTrial(used, major, 'same-name');
    expect(await sameName.helm('install', stream(jobOf('migrate'), account('0', 'migrate')))).not.toMatch(/^Error/);
  });

  it('reference-not-found: without its account a hook gets no Pod, without its ConfigMap none that starts, and Helm gives up', async () => {
    const missing = await helmTrial(used, major, 'missing');
    expect(await missing.helm('install', hook('before-hook-creation', { pod: ['restartPolicy: Never', 'serviceAccountName: migrate'] }), '--timeout', '8s')).toMatch(/^Error/);
    expect(await missing.list('pods')).toEqual([]);
    expect(await missing.helm('upgrade', hook('before-hook-creation', { container: ['envFrom: [{configMapRef: {name: settings}}]'] }), '--install', '--timeout', '8s')).toMatch(/^Error/);
    expect((await missing.list('pods')).map(({ status }) => status.phase)).toEqual(['Pending']);
    const account = exampleObject('v1', 'ServiceAccount', 'migrate', ['helm.sh/hook: pre-install', 'helm.sh/hook-weight: "-1"']);
    const found = await helmTrial(used, major, 'found');
    expect(await found.helm('install', stream(account, hook('before-hook-creation', { pod: ['restartPolicy: Never', 'serviceAccountName: migrate'] })))).not.toMatch(/^Error/);
  });

  it('hook-job-suspended: Helm waits until its timeout; when the Job is resumed it waits for its end', async () => {
    const suspended = hook('before-hook-creation', { spec: ['backoffLimit: 0', 'activeDeadlineSeconds: 600', 'suspend: true'], ...runs('sleep', '5') });
    const one = await helmTrial(used, major, 'suspended');
    expect(await one.helm('install', suspended, '--timeout', '8s')).toMatch(/^Error/);
    expect((await one.get('jobs', 'migrate')).status.startTime).toBeUndefined();
    const resumed = await helmTrial(used, major, 'resumed');
    const waiting = resumed.helm('install', suspended);
    await waitFor('the condition', async () => (await resumed.get('jobs', 'migrate'))?.status.conditions?.length === 1);
    await resumed.patch('jobs', 'migrate', { spec: { suspend: false } });
    expect(await waiting).not.toMatch(/^Error/);
    expect((await resumed.get('jobs', 'migrate')).status.completionTime).toBeDefined();
  });

  it('hook-recreates-state: each release deletes the policy and creates it again; with hook-succeeded it is gone when the event is over', async () => {
    const policy = (value: string): string =>
      stream(EXAMPLE_MARKER, exampleObject('networking.k8s.io/v1', 'NetworkPolicy', 'allow-all', ['helm.sh/hook: pre-install,pre-upgrade', `helm.sh/hook-delete-policy: ${value}`], 'spec:', '  podSelector: {}', '  ingress: [{}]'));
    const one = await helmTrial(used, major, 'recreated');
    const uids: (string | undefined)[] = [];
    for (const command of ['install', 'upgrade'] as const) {
      expect(await one.helm(command, policy('before-hook-creation'))).not.toMatch(/^Error/);
      uids.push((await one.get('networkpolicies', 'allow-all')).metadata.uid);
    }
    expect(uids[1]).not.toBe(uids[0]);
    expect(await one.helm('upgrade', policy('hook-succeeded').replace('name: allow-all', 'name: temporary'))).not.toMatch(/^Error/);
    expect(await one.get('networkpolicies', 'temporary')).toBeUndefined();
  });

  it('tracked-job-fixed-name: a changed template fails as immutable, under another name it runs', async () => {
    const job = (name: string, word: string): string => exampleJob({ name, annotations: [], ...runs('print', word) });
    const one = await helmTrial(used, major, 'fixed-name');
    expect(await one.helm('install', job('verify', 'one'))).not.toMatch(/^Error/);
    expect(await one.helm('upgrade', job('verify', 'two'))).toMatch(/^Error: [\s\S]*field is immutable/);
    expect(await one.helm('upgrade', job('verify-4e5f6a7b', 'two'))).not.toMatch(/^Error/);
  });

  it('watch-after-sync: Helm starts the hook after its apply, ready or not', async () => {
    const one = await helmTrial(used, major, 'watch');
    const watch = exampleJob({ name: 'rollout-watch', annotations: ['helm.sh/hook: post-install'] });
    expect(await one.helm('install', stream(exampleDaemonSet(), watch))).not.toMatch(/^Error/);
    expect((await one.get('jobs', 'rollout-watch')).status.succeeded).toBe(1);
    expect((await one.get('daemonsets', 'agent')).status.numberReady).toBe(0);
  });

  it('moved-by-release: what becomes a hook is deleted, and a hook that becomes an ordinary object is refused', async () => {
    const { bad, good } = examplesOf('moved-by-release');
    const ordinary = stream(EXAMPLE_MARKER, exampleObject('v1', 'ServiceAccount', 'migrate'));
    const accounts = async (one: HelmTrial): Promise<readonly string[]> => (await one.list('serviceaccounts')).map(({ metadata }) => metadata.name).filter((name) => name !== 'default').sort();
    const moved = await helmTrial(used, major, 'moved');
    expect(await moved.helm('install', ordinary)).not.toMatch(/^Error/);
    expect(await moved.helm('upgrade', stream(EXAMPLE_MARKER, bad))).not.toMatch(/^Error/);
    expect(await accounts(moved)).toEqual([]);
    const renamed = await helmTrial(used, major, 'renamed');
    expect(await renamed.helm('install', ordinary)).not.toMatch(/^Error/);
    expect(await renamed.helm('upgrade', stream(EXAMPLE_MARKER, good))).not.toMatch(/^Error/);
    expect(await accounts(renamed)).toEqual(['migrate-hook']);
    const kept = await helmTrial(used, major, 'kept');
    expect(await kept.helm('install', ordinary)).not.toMatch(/^Error/);
    expect(await kept.helm('upgrade', stream(EXAMPLE_MARKER, bad.replace('annotations:\n', 'annotations:\n    helm.sh/resource-policy: keep\n')))).not.toMatch(/^Error/);
    expect(await accounts(kept)).toEqual(['migrate']);
    const back = await helmTrial(used, major, 'moved-back');
    expect(await back.helm('install', stream(EXAMPLE_MARKER, bad.replace('pre-upgrade', 'pre-install')))).not.toMatch(/^Error/);
    expect(await back.helm('upgrade', ordinary)).toMatch(/^Error: [\s\S]*invalid ownership metadata/);
  });

  it('definition-too-late: a definition that is a hook or a template of the chart is too late for its objects', async () => {
    const group = `helm${major}.example.com`;
    const { bad, good } = examplesOf('definition-too-late');
    const ofGroup = (text: string): string => text.replaceAll('example.com', group);
    const one = await helmTrial(used, major, 'definition');
    expect(await one.helm('install', ofGroup(bad))).toMatch(/^Error: [\s\S]*no matches for kind "Widget"/);
    expect(await one.helm('install', ofGroup(bad).replace(/ {2}annotations:\n.*\n.*\n/, ''))).toMatch(/^Error: [\s\S]*no matches for kind "Widget"/);
    const [definition = '', resource = ''] = ofGroup(good).split('---\n');
    const apart = await helmTrial(used, major, 'definition-apart');
    await apart.crds(definition);
    expect(await apart.helm('install', resource)).not.toMatch(/^Error/);
  });

  it('definition-too-late: Helm does not wait for a definition that is a hook', async () => {
    const group = `names-helm${major}.example.com`;
    const { good } = examplesOf('definition-too-late');
    const [definition = ''] = good.replaceAll('example.com', group).split('---\n');
    // Two of one kind: the second is never established.
    const second = definition.replaceAll('widgets', 'gadgets').replace('metadata:\n', 'metadata:\n  annotations: {helm.sh/hook: pre-install}\n');
    const one = await helmTrial(used, major, 'definition-hook');
    await one.crds(definition);
    expect(await one.helm('install', stream(second, hook(undefined, { annotations: ['helm.sh/hook: pre-install', 'helm.sh/hook-weight: "1"'] })))).not.toMatch(/^Error/);
    const { status } = await used.api().get(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`);
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Established', status: 'False' }));
    expect((await one.get('jobs', 'migrate')).status.succeeded).toBe(1);
  });
}
