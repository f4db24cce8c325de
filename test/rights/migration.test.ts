import { join } from 'node:path';
import { describe } from 'vitest';
import { projectFolder } from '../cluster/paths.ts';
import { compareRights } from './compare.ts';
import { grantsIn } from './granted.ts';
import { MIGRATION_UNUSED } from './migration-unused.ts';

describe('rights of the hooks of a datastore migration, over test/e2e/migrate-cluster/argo.test.ts (run it before: .test/audit)', () => {
  compareRights({
    accounts: /^kube-system\/hookwave-calico-v3-/,
    grants: grantsIn(join(projectFolder, 'synth/calico-datastore-migration/argo')),
    atLeast: 30,
    unused: MIGRATION_UNUSED,
  });
});
