import { describe } from 'vitest';
import { CALICO_UPGRADE } from './calico-upgrade.ts';
import { compareRights } from './compare.ts';
import { UNUSED } from './unused.ts';

describe('rights of the hooks, over every scenario of the real tier (run it before: .test/audit)', () => {
  compareRights({ ...CALICO_UPGRADE, unused: UNUSED });
});
