import { upstreamCalico } from '../../test/cluster/calico.ts';
import { APPLICATION, startWalk, type Walk } from '../../test/e2e/calico-upgrade/walk.ts';
import type { BenchNumber, Row } from '../number.ts';

/** What hooks cost in a sync: Calico's manifest upgrade on two kubelets, and a sync of what is there already. Argo CD's own times, whole seconds. */
export const argoSync: BenchNumber = {
  name: 'argo-sync',
  about: "Argo CD's sync of an upgrade with hooks, against the vendor's objects alone",
  needs: 'cluster',
  async run() {
    const walk = await startWalk();
    try {
      await commitVendor(walk);
      const without = await twoSyncs(walk, ['ServerSideApply=true']);
      await walk.reset();
      await walk.commitUpgrade();
      const withHooks = await twoSyncs(walk);
      return [row('sync that upgrades Calico, two nodes', withHooks.upgrade, without.upgrade), row('sync with nothing due', withHooks.repeat, without.repeat)];
    } finally {
      await walk.stop();
    }
  },
};

/** Where the Application looks for hookwave's output. */
const commitVendor = ({ repo }: Walk): Promise<string> => repo.commit({ 'deploy/calico/calico.yaml': upstreamCalico('v3.32.1') }, 'Calico v3.32.1 without hooks');

async function twoSyncs(walk: Walk, syncOptions?: readonly string[]): Promise<{ readonly upgrade: number; readonly repeat: number }> {
  const { argocd } = walk.cluster;
  await walk.createApplication(0);
  const once = async (): Promise<number> => {
    await argocd.refresh(APPLICATION);
    await argocd.sync(APPLICATION, { ...(syncOptions && { syncOptions }) });
    const { phase, message, seconds } = await argocd.waitForOperation(APPLICATION, { seconds: 400 });
    if (phase !== 'Succeeded') throw new Error(`the sync ended ${phase}: ${message}`);
    await argocd.waitForSyncedAndHealthy(APPLICATION, { seconds: 200 });
    return seconds;
  };
  return { upgrade: await once(), repeat: await once() };
}

function row(what: string, ours: number, peer: number): Row {
  const note = `${ours - peer} s more than without hooks`;
  return { what, ours: `${ours} s`, peer: `without hooks: ${peer} s`, ratio: (ours / Math.max(peer, 1)).toFixed(1), goal: 'none', met: undefined, note };
}
