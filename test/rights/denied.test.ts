import { describe } from 'vitest';
import { CALICO_UPGRADE } from './calico-upgrade.ts';
import { deniesNothing } from './compare.ts';

// About unused rights the full matrix says nothing: it leaves out what `.ci/run` has.
describe('rights of the hooks, over the kills, storms and automated syncs of the full matrix (run it before: .test/audit)', () => {
  deniesNothing(CALICO_UPGRADE);
});
