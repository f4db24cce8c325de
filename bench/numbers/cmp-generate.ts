import { join } from 'node:path';
import { writeCalicoSpec } from '../calico-spec.ts';
import { measureTurns } from '../measure.ts';
import type { BenchNumber } from '../number.ts';
import { hookwave, NODE } from '../peers.ts';
import { pairRow } from '../table.ts';

/** What Argo CD's plugin calls for each refresh of an Application. */
export const cmpGenerate: BenchNumber = {
  name: 'cmp-generate',
  about: 'what the Argo CD plugin calls, against node alone',
  async run({ runs, folder }) {
    const spec = writeCalicoSpec(join(folder, 'spec'), { upstream: true });
    const [pair] = await measureTurns([{ argv: [NODE, hookwave, 'cmp', 'generate'], cwd: spec, env: { ARGOCD_APP_PARAMETERS: PARAMETERS } }, { argv: [NODE, '-e', '0'] }], { runs, folder });
    return [pairRow('cmp generate of calico.yaml, one parameter', pair!, { peerName: 'node -e 0', goal: 'none' })];
  },
};

const PARAMETERS = JSON.stringify([{ name: 'deadlines.rollout', string: '90m' }]);
