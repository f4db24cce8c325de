import { App } from 'cdk8s';
import { CalicoUpgrade } from '../../../../charts/calico-upgrade.ts';
import type { UpgradeChart } from '../../../../src/constructs/upgrade-chart.ts';
import { calicoUpgradeSpec } from '../../../../src/spec/kinds/calico-upgrade.schema.ts';

/** The recipe for a vendor's manifest, with overlays that look like templates. */
export function calicoChart(manifest: string, to: string): UpgradeChart {
  const path = 'vendor/calico.yaml';
  const overlays = { env: { FELIX_LOG: '{{ .Values.x }}' }, config: { note: '{{- end }}' } };
  const spec = calicoUpgradeSpec.parse({ from: 'v3.13.4', to, install: { type: 'manifest', datastore: 'kubernetes', manifest: path }, overlays });
  return new CalicoUpgrade(new App(), 'calico', { kind: 'CalicoUpgrade', name: 'calico', spec, files: new Map([[path, { path, text: manifest, sha256: '0' }]]) });
}
