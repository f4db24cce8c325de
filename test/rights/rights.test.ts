import { join } from 'node:path';
import { describe } from 'vitest';
import { projectFolder } from '../cluster/paths.ts';
import { compareRights } from './compare.ts';
import { grantsIn } from './granted.ts';
import { UNUSED } from './unused.ts';

describe('rights of the hooks, over every scenario of the real tier (run it before: .test/audit)', () => {
  compareRights({
    // Of the upgrade `calico`; the guard runs as the vendor's account.
    accounts: /^(hookwave-calico\/|kube-system\/calico-node$)/,
    grants: grantsIn(join(projectFolder, 'synth/calico-manifest/argo')),
    atLeast: 50,
    unused: UNUSED,
  });
});
