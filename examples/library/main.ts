// Usage: node dist/main.js argo|helm FOLDER
import { App } from 'cdk8s';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AllowAllPolicy, argo, CalicoUpgrade, helm, writeFolders } from 'hookwave';
import { DatabaseUpgrade } from './database-upgrade.js';

const [sequencer = 'argo', folder = 'deploy'] = process.argv.slice(2);
const app = new App();

const manifest = 'vendor/calico.yaml';
const calico = new CalicoUpgrade(app, 'calico', {
  spec: { from: 'v3.13.4', to: 'v3.32.1', install: { type: 'manifest', datastore: 'kubernetes', manifest }, deadlines: { rollout: '2h' } },
  files: { [manifest]: readFileSync(join(import.meta.dirname, '../../calico-manifest', manifest), 'utf8') },
});
// Helm refuses what it can't put in order: under Helm this policy belongs into a release of its own.
if (sequencer === 'argo') new AllowAllPolicy(calico, 'allow-nodes', { selector: 'role == "node"', release: 'v3.32.1' });

const database = new DatabaseUpgrade(app, 'orders', { from: 'v4.1.0', to: 'v5.0.0', tool: 'registry.example.com/orders-tool:5.0.0' });

// One sequencer for each chart; with `argo`, app.synth() of the same app gives the same objects.
const folders = [calico, database].map((chart) => ({ path: join(folder, chart.node.id), files: sequencer === 'helm' ? helm(chart) : argo(chart) }));
await writeFolders(folders);
