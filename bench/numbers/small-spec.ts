import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../test/cluster/paths.ts';
import { writeCalicoSpec } from '../calico-spec.ts';
import { measureTurns } from '../measure.ts';
import type { BenchNumber } from '../number.ts';
import { cdk8s, hookwave, NODE, peer } from '../peers.ts';
import { pairRow } from '../table.ts';

/** Start-up and generation without 350 kB of vendor YAML. */
export const smallSpec: BenchNumber = {
  name: 'small-spec',
  about: 'synth with the smallest vendor file (3 kB), against node alone, helm template and cdk8s-cli',
  async run({ runs, folder }) {
    const spec = writeCalicoSpec(join(folder, 'spec'), { upstream: false });
    const app = writeCdk8sApp(join(folder, 'cdk8s'));
    const [node, helm3, helm4, cli] = await measureTurns(
      [
        { argv: [NODE, hookwave, 'synth', '-o', join(folder, 'out')], cwd: spec },
        { argv: [NODE, '-e', '0'] },
        { argv: [peer('helm3'), 'template', CHART] },
        { argv: [peer('helm4'), 'template', CHART] },
        { argv: [cdk8s, 'synth', '--no-check-upgrade'], cwd: app },
      ],
      { runs, folder },
    );
    const what = 'synth, 3 kB of vendor YAML, 41 objects';
    return [
      pairRow(what, node!, { peerName: 'node -e 0', goal: '2.5', met: node!.ratio.wallMs <= 2.5, note: 'no recipe works without a vendor file yet, so it is the smallest' }),
      pairRow(what, helm3!, { peerName: 'helm 3 template of the same', goal: 'none' }),
      pairRow(what, helm4!, { peerName: 'helm 4 template of the same', goal: 'none' }),
      pairRow(what, cli!, { peerName: 'cdk8s-cli, 40 objects', goal: '0.25', met: cli!.ratio.wallMs <= 0.25 }),
    ];
  },
};

/** The chart that hookwave makes of the same spec. */
const CHART = join(projectFolder, 'synth/calico-manifest/helm/calico');

function writeCdk8sApp(folder: string): string {
  mkdirSync(folder);
  cpSync(join(projectFolder, 'node_modules/cdk8s/package.json'), join(folder, 'package.json'));
  const load = `const { App, Chart, ApiObject } = require(${JSON.stringify(join(projectFolder, 'node_modules/cdk8s'))});`;
  const body = `const app = new App(); const chart = new Chart(app, 'bench'); for (let i = 0; i < 40; i++) new ApiObject(chart, 'o' + i, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'o' + i }, data: { key: 'value' } }); app.synth();`;
  writeFileSync(join(folder, 'main.cjs'), `${load}\n${body}\n`);
  writeFileSync(join(folder, 'cdk8s.yaml'), `app: ${NODE} main.cjs\nlanguage: typescript\n`);
  return folder;
}
