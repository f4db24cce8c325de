import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Cluster } from './cluster.ts';
import { part } from './paths.ts';
import { run } from './run.ts';

export type KubeClient = Pick<Cluster, 'kubectl' | 'apply' | 'get' | 'podLogs' | 'waitForRollout'>;

/** The part of a cluster's handle that talks to the API, all of it through kubectl. */
export function kubectlFor(kubeconfig: string, dir: string): KubeClient {
  const cache = join(dir, 'kubectl-cache');
  mkdirSync(cache, { recursive: true });
  const kubectl: KubeClient['kubectl'] = (args, stdin) =>
    run(part('kubectl'), [`--kubeconfig=${kubeconfig}`, `--cache-dir=${cache}`, ...args], { stdin });
  return {
    kubectl,
    async apply(objects, options = {}) {
      const text = typeof objects === 'string' ? objects : [objects].flat().map((object) => JSON.stringify(object)).join('\n---\n');
      const manager = options.fieldManager ?? 'hookwave-test';
      await kubectl(['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`, '-f', '-'], text);
    },
    async get(resource, name, namespace) {
      const where = namespace === undefined ? [] : ['--namespace', namespace];
      const what = name === undefined ? [resource] : [resource, name];
      const everywhere = name === undefined && namespace === undefined ? ['--all-namespaces'] : [];
      const text = await kubectl(['get', ...what, ...where, ...everywhere, '--ignore-not-found', '-o', 'json']);
      if (text.trim() === '') return name === undefined ? [] : undefined;
      const answer = JSON.parse(text);
      return name === undefined ? answer.items : answer;
    },
    podLogs: (namespace, pod, container) =>
      kubectl(['logs', '--namespace', namespace, pod, ...(container === undefined ? ['--all-containers'] : ['-c', container])]),
    async waitForRollout(resource, namespace, options = {}) {
      await kubectl(['rollout', 'status', resource, '--namespace', namespace, `--timeout=${options.seconds ?? 90}s`]);
    },
  };
}
