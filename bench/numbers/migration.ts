import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { v1Cluster } from '../../test/calico-v1/cluster.ts';
import { type Etcd, startEtcd } from '../../test/cluster/etcd.ts';
import { fillV1Fast } from '../fill-v1.ts';
import { measureOnce, measurePair } from '../measure.ts';
import type { BenchNumber, Figures, Row } from '../number.ts';
import { NODE, runner } from '../peers.ts';
import { formatFigures, formatMs, pairRow } from '../table.ts';

/** The drop-in guard of calico-node when the data are migrated already. */
export const etcdGuard: BenchNumber = {
  name: 'etcd-guard',
  about: 'node-init with nothing to do, against node alone',
  async run({ folder, runs }) {
    const etcd = await startEtcd({ v2: true });
    try {
      const pair = await measurePair({ argv: [NODE, runner, 'node-init'], env: environment(etcd), cwd: folder }, { argv: [NODE, '-e', '0'] }, { runs, folder });
      const met = pair.ratio.wallMs <= 3 && pair.ours.rssMiB * 1.048576 <= 80;
      return [pairRow('guard on etcd with nothing to do', pair, { peerName: 'node -e 0', goal: '3, 80 MB', met })];
    } finally {
      await etcd.stop();
    }
  },
};

export const migration: BenchNumber = {
  name: 'migration',
  about: 'migration of 1,000 and 10,000 workload endpoints plus policies on a local etcd',
  run: ({ folder }) => migrate([1000, 10_000], folder),
};

export const largeMigration: BenchNumber = {
  name: 'migration-100k',
  about: 'the same of 100,000 (etcd is filled first)',
  needs: 'etcd',
  run: ({ folder }) => migrate([100_000], folder),
};

async function migrate(sizes: readonly number[], folder: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let before: { readonly size: number; readonly figures: Figures } | undefined;
  for (const size of sizes) {
    const etcd = await startEtcd({ v2: true, fsync: 'after restart' });
    try {
      const entries = await fillV1Fast(etcd.endpoint, v1Cluster({ workloadEndpoints: size }));
      await etcd.kill();
      await etcd.start();
      const figures = await measureOnce({ argv: [NODE, runner, 'migrate', 'start', '--no-prompts', '--output-dir', join(folder, `reports-${size}`)], env: { ...environment(etcd), HOOKWAVE_QUIESCE_SECONDS: '0' }, cwd: folder }, folder);
      const growth = before ? `${(figures.wallMs / before.figures.wallMs).toFixed(1)} x the time for ${size / before.size} x the endpoints` : '-';
      rows.push(rowOf(size, entries, figures, growth));
      before = { size, figures };
    } finally {
      await etcd.stop();
      await rm(join(folder, `reports-${size}`), { recursive: true, force: true });
    }
  }
  return rows;
}

function rowOf(size: number, entries: number, figures: Figures, growth: string): Row {
  const perSecond = Math.round((entries / figures.wallMs) * 1000);
  const line = { what: `migration of ${size} workload endpoints (${entries} keys)`, ours: `${perSecond} keys/s, ${formatFigures(figures)}`, peer: '-', ratio: growth };
  const note = `the whole command, one run; validation reads and converts everything first, then it is read and converted again while v1 is paused; ${formatMs(figures.wallMs)} in all`;
  if (size < 100_000) return { ...line, goal: 'none', met: undefined };
  return { ...line, goal: '60 s, 400 MiB', met: figures.wallMs < 60_000 && figures.rssMiB < 400, note };
}

function environment({ endpoint }: Etcd): Readonly<Record<string, string>> {
  return { CALICO_APIV1_DATASTORE_TYPE: 'etcdv2', CALICO_APIV1_ETCD_ENDPOINTS: endpoint, CALICO_DATASTORE_TYPE: 'etcdv3', CALICO_ETCD_ENDPOINTS: endpoint, REPORT_DIR: 'reports' };
}
