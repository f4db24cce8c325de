import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { APPLICATION, labelledEndpoints, nodeImages, record, startWalk, temporaryPolicy, type Walk } from './walk.ts';

/** A step whose process is there in the phase that the kill is for. */
const MOMENTS = [
  { phase: 'prepare', step: 'calico-protect' },
  { phase: 'the rollout', step: 'calico-rollout-watch' },
  { phase: 'verify', step: 'calico-verify' },
] as const;

describe.skipIf(!hasTestdata)(`a Calico upgrade that loses a part in every phase${testdataNote}`, () => {
  let walk: Walk;
  dumpLogsOnFailure(() => walk?.cluster);
  beforeAll(async () => {
    walk = await startWalk();
  });
  let isFresh = true;
  beforeEach(async () => {
    if (!isFresh) await walk.reset();
    isFresh = false;
    await walk.commitUpgrade();
  });
  afterAll(() => walk?.stop());

  const running = (step: string) => walk.cluster.podProcesses(`runner.cjs run ${step} `);
  const victims: Readonly<Record<string, (step: string) => Promise<void>>> = {
    // It may end between the look and the signal: then the Job's next Pod is waited for.
    'the runner Pod': (step) => walk.cluster.waitFor(`a ${step} that could be killed`, async () => running(step).filter(killProcess).length > 0, { seconds: 60, everyMs: 60 }).then(() => undefined),
    'the application-controller': async () => {
      await walk.cluster.argocd.controller.kill();
      await walk.cluster.argocd.controller.start();
    },
    'the API server': async () => {
      await walk.cluster.apiserver.kill();
      await walk.cluster.apiserver.start();
    },
  };

  async function expectUpgraded(): Promise<void> {
    const { cluster } = walk;
    expect(await nodeImages(cluster)).toEqual(['quay.io/calico/node:v3.32.1', 'quay.io/calico/node:v3.32.1']);
    expect(await labelledEndpoints(cluster)).toEqual(['node-1-all']);
    expect(await temporaryPolicy(cluster)).toBeDefined();
    expect((await record(cluster)).run).toMatchObject({ state: 'done', startVersion: 'v3.13.4' });
    await cluster.argocd.waitForSyncedAndHealthy(APPLICATION, { seconds: 120 });
  }

  it.each(Object.entries(victims))('%s, killed in prepare, in the rollout and in verify: the same end', async (_victim, kill) => {
    const { cluster } = walk;
    const killed: string[] = [];
    await walk.createApplication(3);
    await cluster.argocd.sync(APPLICATION);
    for (const { phase, step } of MOMENTS) {
      await cluster.waitFor(`step ${step}`, async () => running(step).length > 0, { seconds: 200, everyMs: 60 });
      await kill(step);
      killed.push(phase);
    }
    let operation = await cluster.argocd.waitForOperation(APPLICATION, { seconds: 280 });
    if (operation.phase !== 'Succeeded') operation = await walk.sync();
    await cluster.argocd.refresh(APPLICATION);

    expect(killed).toEqual(['prepare', 'the rollout', 'verify']);
    expect(operation.phase, operation.message).toBe('Succeeded');
    await expectUpgraded();
  });
});

/** False when the process is gone. */
function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
