import { App } from 'cdk8s';
import { Marker } from '../../../src/constructs/marker.ts';
import { UpgradeChart } from '../../../src/constructs/upgrade-chart.ts';

/** An upgrade with nothing but its marker, for tests that add what they are about. */
export class BareUpgrade extends UpgradeChart {
  readonly identity = { upgrade: 'bare', namespace: 'hookwave-bare', plan: '0a1b2c3d' };
  readonly summary = { kind: 'Bare', from: 'v1.0.0', to: 'v2.0.0', notes: [] };

  constructor() {
    super(new App(), 'bare');
    new Marker(this, 'marker', this.summary);
  }
}
