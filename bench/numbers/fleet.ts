import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../test/cluster/paths.ts';
import { writeCalicoSpec } from '../calico-spec.ts';
import { measureOnce, median, medians } from '../measure.ts';
import type { BenchNumber, Figures } from '../number.ts';
import { hookwave, NODE, peer } from '../peers.ts';
import { formatFigures, formatMs } from '../table.ts';

const CLUSTERS = 1000;
const HELM_RUNS = 20;
const FULL_WAY = 20;

/** One spec, a thousand value sets. */
export const fleet: BenchNumber = {
  name: 'fleet',
  about: '1,000 value sets of one spec in one process, against repeated helm template',
  async run({ folder, runs }) {
    const spec = writeCalicoSpec(join(folder, 'spec'), { upstream: false });
    writeFileSync(join(spec, 'clusters.json'), JSON.stringify(Object.fromEntries(Array.from({ length: CLUSTERS }, (_, index) => [`cluster-${index}`, valuesOf(index)]))));
    const out = join(folder, 'out');
    const ours: Figures[] = [];
    const helm: Figures[] = [];
    for (let turn = 0; turn < Math.min(runs, 5); turn++) {
      ours.push(await measureOnce({ argv: [NODE, hookwave, 'synth', '--sequencer', 'helm', '--fleet', 'clusters.json', '-o', out], cwd: spec }, folder));
      for (let index = 0; index < HELM_RUNS / 5; index++) {
        const set = Object.entries(valuesOf(index)).flatMap(([path, value]) => ['--set-string', `${path}=${value}`]);
        helm.push(await measureOnce({ argv: [peer('helm4'), 'template', CHART, ...set] }, folder));
      }
    }
    assertWritten(out);
    const own = medians(ours);
    const each = medians(helm);
    const ratio = (own.wallMs / (each.wallMs * CLUSTERS)).toFixed(4);
    const cpu = (own.cpuMs / (each.cpuMs * CLUSTERS)).toFixed(4);
    const full = await fullWay(folder);
    return [
      {
        what: '1,000 clusters, scalars of the chart',
        ours: formatFigures(own),
        peer: `1,000 x helm 4 template: ${formatMs(each.wallMs * CLUSTERS)} (CPU ${formatMs(each.cpuMs * CLUSTERS)}), ${each.rssMiB.toFixed(0)} MiB`,
        ratio: `${ratio} (CPU ${cpu})`,
        goal: '1.5 s, 300 MB, 30 x faster',
        met: own.wallMs <= 1500 && own.rssMiB * 1.048576 <= 300 && own.wallMs * 30 <= each.wallMs * CLUSTERS,
        note: `the peer is ${helm.length} runs, scaled; 1,000 files of 60 objects are written; that both render the same objects is a fast test (test/src/sequencers/helm/fleet.test.ts)`,
      },
      { what: 'a cluster whose values change the tree', ours: `${formatMs(full)} each`, peer: `helm 4 template: ${formatMs(each.wallMs)} each`, ratio: (full / each.wallMs).toFixed(2), goal: 'none', met: undefined, note: `the full way, warm, in one process: ${FULL_WAY} specs in one file` },
    ];
  },
};

const CHART = join(projectFolder, 'synth/calico-manifest/helm/calico');

function valuesOf(index: number): Readonly<Record<string, string>> {
  return { 'runner.image': `mirror-${index}.example.com/hookwave-runner:v1`, 'deadlines.rollout': `${10 + (index % 50)}m`, 'deadlines.stall': `${5 + (index % 5)}m` };
}

function assertWritten(out: string): void {
  const file = join(out, `cluster-${CLUSTERS - 1}`, 'calico.yaml');
  if (!existsSync(file) || !readFileSync(file, 'utf8').includes(`mirror-${CLUSTERS - 1}.example.com`)) throw new Error(`${file} does not hold its own values`);
}

/** Milliseconds of each further spec of a file: many specs less one. */
async function fullWay(folder: string): Promise<number> {
  const spec = writeCalicoSpec(join(folder, 'full'), { upstream: false });
  const one = JSON.parse(readFileSync(join(spec, 'hookwave.yaml'), 'utf8')) as { spec: object };
  const write = (count: number): void =>
    writeFileSync(join(spec, 'hookwave.yaml'), Array.from({ length: count }, (_, index) => `---\n${JSON.stringify({ ...one, metadata: { name: `calico-${index}` }, spec: { ...one.spec, overlays: { env: { NUMBER: String(index) } } } })}\n`).join(''));
  const times = { 1: [] as number[], [1 + FULL_WAY]: [] as number[] };
  for (let turn = 0; turn < 3; turn++) {
    for (const count of [1, 1 + FULL_WAY]) {
      write(count);
      times[count]!.push((await measureOnce({ argv: [NODE, hookwave, 'synth', '-o', join(folder, `full-${count}`)], cwd: spec }, folder)).wallMs);
    }
  }
  return (median(times[1 + FULL_WAY]!) - median(times[1])) / FULL_WAY;
}
