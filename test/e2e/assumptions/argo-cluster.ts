import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

import type { ApplicationOptions } from '../../cluster/argocd-applications.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { dumpLogsOnFailure } from '../../cluster/dump-logs-on-failure.ts';
import { createGitRepo, type GitRepo } from '../../cluster/git-repo.ts';
import { stepperImage } from '../../cluster/images/stepper-image.ts';
import { startCluster } from '../../cluster/start-cluster.ts';

export interface ArgoCluster {
  readonly cluster: Cluster;
  /** Commits the objects to a repository of that name and creates an Application of the same name. */
  application(name: string, files: Readonly<Record<string, string>>, options?: Partial<ApplicationOptions>): Promise<GitRepo>;
}

/** A cluster with Argo CD and a kubelet (unless `kubelets` says otherwise) for the tests of one file; the stepper image is loaded. */
export function useArgoCluster({ kubelets = 1 } = {}): ArgoCluster {
  let cluster: Cluster | undefined;
  dumpLogsOnFailure(() => cluster);
  beforeAll(async () => {
    cluster = await startCluster({ kubelets, argocd: true });
    await cluster.images.load(await stepperImage());
  });
  afterAll(() => cluster?.stop());

  const started = () => {
    if (!cluster) throw new Error('the cluster is there only while tests run');
    return cluster;
  };
  return {
    get cluster() {
      return started();
    },
    async application(name, files, options = {}) {
      const repo = await createGitRepo(join(started().dir, 'repos', name));
      await repo.commit(files, name);
      await started().argocd.createApplication({ name, repo: repo.url, ...options });
      return repo;
    },
  };
}
