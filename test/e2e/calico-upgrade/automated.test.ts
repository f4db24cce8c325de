import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { upstreamCalico } from '../../cluster/calico.ts';
import type { Cluster, Json } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { type HeldStep, holdStep } from './held-step.ts';
import { allowingPolicy, APPLICATION, labelledEndpoints, nodeImages, record, startWalk, temporaryPolicy, type Walk } from './walk.ts';

/** A step of each phase up to the verification, and the Job that runs it. */
const PHASES = [
  { phase: 'preflight', step: 'calico-inspect', job: 'preflight' },
  { phase: 'prepare', step: 'calico-protect', job: 'prepare' },
  { phase: 'rollout', step: 'calico-rollout-watch', job: 'rollout' },
  { phase: 'verify', step: 'calico-verify', job: 'verify' },
] as const;

const CLEANUP = { phase: 'cleanup', step: 'calico-unprotect', job: 'cleanup' } as const;

/** Runs when a sync has failed. */
const RESCUE = { step: 'calico-diagnose', job: 'rescue' } as const;

/** A rollout whose first Pod never gets ready. */
const STUCK = { overlays: { env: { STANDIN_NEVER_READY: 'true' } }, deadlines: { stall: '25s' } };

/** Each phase takes the ConfigMap of its name out of the vendor's manifest. */
const LEAVING: readonly string[] = [...PHASES, CLEANUP].map(({ phase }) => phase);

/** Automated with prune, self-heal and retry, and in the middle of every phase something happens. */
describe.skipIf(!hasTestdata)(`a Calico upgrade under an Application that syncs by itself${testdataNote}`, () => {
  let walk: Walk;
  let expected: Json;
  let held: HeldStep | undefined;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterEach(async () => {
    held?.release();
    await walk.reset();
    await walk.cluster.kubectl(['delete', 'configmap', '-n', 'kube-system', '-l', EXTRA, '--ignore-not-found']);
  });
  afterAll(() => walk?.stop());

  const commitWith = (extras: readonly string[]): Promise<string> => walk.commitUpgrade({}, withExtras(extras));
  const hold = async (step: string): Promise<HeldStep> => (held = await holdStep(walk.cluster, step));

  async function start(extras: readonly string[], retries = 2): Promise<string> {
    const commit = await commitWith(extras);
    await walk.createApplication(retries, { prune: true, selfHeal: true });
    return commit;
  }

  /** What the team does once the policy's log has told it enough; the sync that follows is the approval's. */
  async function approveCleanup(): Promise<void> {
    const { cluster } = walk;
    await cluster.apply(allowingPolicy());
    await cluster.waitFor('the end of every sync', async () => !(await application(cluster)).operation);
    const answer = await walk.hookwave('approve', 'calico', '--by', 'a test');
    if (!answer.includes('Started a sync')) await cluster.argocd.sync(APPLICATION, { prune: true });
  }

  /** The end of a sync of that commit; of the commit alone, not of an earlier one. */
  function ended(commit: string): Promise<Ended> {
    const { cluster } = walk;
    return cluster.waitFor(`the end of a sync of ${commit}`, async () => {
      const { status, operation } = await application(cluster);
      const { phase, message, retryCount = 0, syncResult } = status?.operationState ?? {};
      return !operation && syncResult?.revision === commit && ['Succeeded', 'Failed', 'Error'].includes(phase) && { phase, message, retryCount };
    }, { seconds: 600, everyMs: 500 });
  }

  async function expectEnd(): Promise<void> {
    const { cluster } = walk;
    await cluster.argocd.refresh(APPLICATION);
    await cluster.argocd.waitForSyncedAndHealthy(APPLICATION, { seconds: 120 });
    const end = await endState(cluster);
    expected ??= end;
    expect(end).toEqual(expected);
    expect(end.extras).toEqual([]);
    expect(end.images).toEqual(['quay.io/calico/node:v3.32.1', 'quay.io/calico/node:v3.32.1']);
    expect([end.run, end.labelled, end.policy, end.replicas]).toEqual([expect.objectContaining({ to: 'v3.32.1', state: 'done' }), [], undefined, 1]);
  }

  it('undisturbed: one sync upgrades, the one after the approval cleans up', async () => {
    const commit = await start([]);
    const first = await ended(commit);
    await approveCleanup();
    const second = await ended(commit);

    expect([first.phase, second.phase]).toEqual(['Succeeded', 'Succeeded']);
    await expectEnd();
  }, 1_200_000);

  it('edited by hand, and an object taken out of Git, in the middle of every phase: the sync goes on, the next one heals and prunes', async () => {
    const { cluster } = walk;
    const first = await start(LEAVING);
    let commit = first;
    for (const [index, { phase, step }] of PHASES.entries()) {
      await hold(step);
      await editByHand(cluster);
      if (phase === 'rollout') await cluster.kubectl(['label', 'hostendpoints.crd.projectcalico.org', 'node-1-all', 'host-endpoint-upgrade-']);
      commit = await commitWith(LEAVING.slice(index + 1));
      await cluster.argocd.refresh(APPLICATION);
      // In preflight and prepare the vendor's objects are not there yet.
      expect(await extrasIn(cluster), `in ${phase}`).toEqual(['preflight', 'prepare'].includes(phase) ? [] : LEAVING.toSorted());
      held?.release();
      if (phase === 'rollout') await cluster.waitFor('the label to be back', async () => (await labelledEndpoints(cluster)).includes('node-1-all'));
    }
    const seen = await pruning(['calico-inspect', 'calico-protect']);
    const next = await ended(commit);

    expect(seen).toEqual({ 'calico-inspect': LEAVING.toSorted(), 'calico-protect': LEAVING.toSorted() });
    expect(next.phase, next.message).toBe('Succeeded');
    expect((await application(cluster)).status.history.map(({ revision }: Json) => revision)).toEqual([first, commit]);
    expect(await extrasIn(cluster)).toEqual(['cleanup']);
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);

    await approveCleanup();
    await hold(CLEANUP.step);
    await editByHand(cluster);
    commit = await commitWith([]);
    await cluster.argocd.refresh(APPLICATION);
    expect(await extrasIn(cluster)).toEqual(['cleanup']);
    held?.release();
    expect((await ended(commit)).phase).toBe('Succeeded');
    await expectEnd();

    // Afterwards Argo CD puts back what is edited, without a hook: the record knows nothing of it.
    const before = await record(cluster);
    await editByHand(cluster);
    await cluster.waitFor('self-heal', async () => (await endState(cluster)).replicas === 1, { seconds: 90 });
    expect(await record(cluster)).toEqual(before);
  }, 1_800_000);

  /** Which of the objects that have left Git are still there while each of these steps of a sync runs. */
  async function pruning(steps: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>> {
    const seen: Record<string, readonly string[]> = {};
    for (const step of steps) {
      await hold(step);
      seen[step] = await extrasIn(walk.cluster);
      held?.release();
    }
    return seen;
  }

  it('terminated in every phase, edited by hand and an object taken out of Git: each next sync starts by itself and takes over', async () => {
    const { cluster } = walk;
    await start(LEAVING);
    const messages: string[] = [];
    let commit = '';
    for (const [index, { step }] of PHASES.entries()) {
      await hold(step);
      messages.push(await terminated('release'));
      commit = await commitWith(LEAVING.slice(index + 1));
      await cluster.argocd.refresh(APPLICATION);
    }
    expect((await ended(commit)).phase).toBe('Succeeded');
    expect(await extrasIn(cluster)).toEqual(['cleanup']);
    expect([await temporaryPolicy(cluster), await labelledEndpoints(cluster)]).toEqual([expect.anything(), ['node-1-all']]);

    await approveCleanup();
    await hold(CLEANUP.step);
    messages.push(await terminated('kill'));
    commit = await commitWith([]);
    await cluster.argocd.refresh(APPLICATION);
    expect((await ended(commit)).phase).toBe('Succeeded');
    // Another plan has been approved than the one that is now in Git.
    expect(await temporaryPolicy(cluster)).toBeDefined();
    await approveCleanup();
    expect((await ended(commit)).phase).toBe('Succeeded');
    expect(messages).toEqual(LEAVING.map(() => expect.stringMatching(/terminated/i)));
    await expectEnd();
  }, 1_800_000);

  async function terminated(then: keyof HeldStep): Promise<string> {
    const { cluster } = walk;
    await editByHand(cluster);
    const operation = await cluster.argocd.terminate(APPLICATION);
    held?.[then]();
    return `${operation.phase}: ${operation.message}`;
  }

  it('a Job that ends at its deadline in every phase: the sync tries again by itself', async () => {
    const commit = await start([], 8);
    for (const { step, job } of PHASES) await failOnce(step, job);
    const first = await ended(commit);
    await approveCleanup();
    await failOnce(CLEANUP.step, CLEANUP.job);
    const second = await ended(commit);

    expect([first.phase, first.retryCount >= PHASES.length, second.phase, second.retryCount >= 1]).toEqual(['Succeeded', true, 'Succeeded', true]);
    await expectEnd();
  }, 1_800_000);

  it('a rollout that freezes, and in rescue a Job that ends at its deadline, edits by hand and a terminated sync: it stays frozen until the next commit, which starts by itself, heals and prunes', async () => {
    const { cluster } = walk;
    const stuck = await walk.commitUpgrade(STUCK, withExtras(['rescue']));
    await walk.createApplication(8, { prune: true, selfHeal: true });
    await failOnce(RESCUE.step, RESCUE.job);
    const frozen = await frozenState(cluster);
    await cluster.waitFor('the end of the Pod of before', async () => cluster.podProcesses(`runner.cjs run ${RESCUE.step} `).length === 0, { seconds: 60, everyMs: 40 });

    // The retry, which preflight has refused.
    await hold(RESCUE.step);
    const retried = (await application(cluster)).status.operationState;
    const message = await terminated('kill');
    // There is nothing for self-heal and prune to do in rescue: Argo CD leaves a commit alone whose sync has failed.
    await cluster.argocd.refresh(APPLICATION);
    const skipped = await cluster.waitFor('Argo CD to leave the commit alone', async () => (await application(cluster)).status.conditions?.find(({ type }: Json) => type === 'SyncError'));

    expect(frozen).toEqual({ strategy: { type: 'OnDelete' }, images: ['docker.io/calico/node:v3.13.4', 'quay.io/calico/node:v3.32.1'], state: 'frozen', labelled: ['node-1-all'], extras: ['rescue'], replicas: 0 });
    expect([retried.retryCount, retried.syncResult.revision, message]).toEqual([1, stuck, expect.stringMatching(/terminated/i)]);
    expect(skipped.message).toContain(`[${stuck}]`);
    expect(await frozenState(cluster)).toEqual(frozen);

    const commit = await commitWith([]);
    await cluster.argocd.refresh(APPLICATION);
    const mended = await ended(commit);
    expect(mended.phase, mended.message).toBe('Succeeded');
    await approveCleanup();
    expect((await ended(commit)).phase).toBe('Succeeded');
    await expectEnd();
  }, 1_800_000);

  async function failOnce(step: string, job: string): Promise<void> {
    const { cluster } = walk;
    await hold(step);
    await editByHand(cluster);
    const jobs: readonly Json[] = await cluster.get('jobs', undefined, HOOKS);
    const running = jobs.find(({ metadata, status }) => metadata.name.startsWith(`hookwave-calico-${job}`) && status.active > 0);
    if (!running) throw new Error(`no active Job of ${job} among ${jobs.map(({ metadata }) => metadata.name).join(', ')}`);
    await cluster.kubectl(['patch', 'job', running.metadata.name, '-n', HOOKS, '--type=merge', '-p', '{"spec":{"activeDeadlineSeconds":1}}']);
    await cluster.waitFor(`the end of ${running.metadata.name}`, async () => {
      const now = await cluster.get('job', running.metadata.name, HOOKS);
      return now?.metadata.uid !== running.metadata.uid || now.metadata.deletionTimestamp || now.status.conditions?.some(({ type }: Json) => type === 'Failed' || type === 'FailureTarget');
    }, { seconds: 60 });
    held?.release();
  }
});

interface Ended {
  readonly phase: string;
  readonly message: string;
  readonly retryCount: number;
}

const HOOKS = 'hookwave-calico';
const EXTRA = 'test.example/extra';

/** The vendor's manifest with more ConfigMaps. */
function withExtras(names: readonly string[]): string {
  const configMaps = names.map((name) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra-${name}\n  namespace: kube-system\n  labels:\n    ${EXTRA}: "yes"\ndata:\n  of: vendor\n`);
  return [upstreamCalico('v3.32.1').trimEnd(), '\n', ...configMaps].join('');
}

async function extrasIn(cluster: Cluster): Promise<readonly string[]> {
  const all: readonly Json[] = await cluster.get('configmaps', undefined, 'kube-system');
  return all.filter(({ metadata }) => metadata.labels?.[EXTRA]).map(({ metadata }) => metadata.name.replace(/^extra-/, '')).sort();
}

/** What self-heal has to put back. */
async function editByHand(cluster: Cluster): Promise<void> {
  await cluster.kubectl(['scale', 'deployment/calico-kube-controllers', '-n', 'kube-system', '--replicas=0']);
}

function application(cluster: Cluster): Promise<Json> {
  return cluster.get('applications.argoproj.io', APPLICATION, 'argocd');
}

/** What a frozen rollout leaves, and what is edited by hand and taken out of Git meanwhile. */
async function frozenState(cluster: Cluster): Promise<Json> {
  const [daemonSet, deployment, known] = await Promise.all([cluster.get('daemonset', 'calico-node', 'kube-system'), cluster.get('deployment', 'calico-kube-controllers', 'kube-system'), record(cluster)]);
  return { strategy: daemonSet.spec.updateStrategy, images: await nodeImages(cluster), state: known.run.state, labelled: await labelledEndpoints(cluster), extras: await extrasIn(cluster), replicas: deployment.spec.replicas };
}

/** What all ways have to come to, without what tells one run from another. */
async function endState(cluster: Cluster): Promise<Json> {
  const [daemonSet, deployment, endpoints, marker, known] = await Promise.all([
    cluster.get('daemonset', 'calico-node', 'kube-system'),
    cluster.get('deployment', 'calico-kube-controllers', 'kube-system'),
    cluster.get('hostendpoints.crd.projectcalico.org'),
    cluster.get('configmap', 'hookwave-calico-plan', HOOKS),
    record(cluster),
  ]);
  const { plan, from, to, state } = known.run;
  return {
    images: await nodeImages(cluster),
    replicas: deployment.spec.replicas,
    specs: [daemonSet.spec, deployment.spec],
    endpoints: (endpoints as readonly Json[]).map(({ metadata: { name, labels }, spec }) => ({ name, labels, spec })),
    labelled: await labelledEndpoints(cluster),
    policy: await temporaryPolicy(cluster),
    marker: marker.data,
    run: { plan, from, to, state },
    extras: await extrasIn(cluster),
  };
}
