import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of the real tier that take longest, longest first: two run at a time, and a long one must not be the last. The others follow. */
const LONG = [
  'test/e2e/calico-upgrade/automated.test.ts',
  'test/e2e/helm/release.test.ts',
  'test/e2e/calico-upgrade/kills.test.ts',
  'test/e2e/helm/upgrade.test.ts',
  'test/e2e/argocd/plugin.test.ts',
  'test/e2e/calico-upgrade/failures.test.ts',
  'test/e2e/calico-upgrade/skipped-hooks.test.ts',
  'test/e2e/calico-upgrade/upgrade.test.ts',
  'test/e2e/lint/argo.test.ts',
  'test/e2e/migrate/kubernetes.test.ts',
  'test/e2e/migrate/engine.test.ts',
  'test/e2e/matrix/',
  'test/e2e/assumptions/',
  'test/e2e/migrate-cluster/',
  'test/e2e/helm/argocd.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const path = relative(project.config.root, moduleId);
  const index = LONG.findIndex((start) => path.startsWith(start));
  return index === -1 ? LONG.length : index;
}
