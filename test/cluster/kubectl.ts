import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { apiClient } from './api-client.ts';
import { apiReader, pathOf } from './api-reader.ts';
import { resourcesOf } from './api-resources.ts';
import { applyObjects } from './api-writer.ts';
import type { Cluster, Json } from './cluster.ts';
import { part } from './paths.ts';
import { run } from './run.ts';

export interface KubeClient extends Pick<Cluster, 'kubectl' | 'apply' | 'get' | 'podLogs' | 'waitForRollout'> {
  /** A merge patch. */
  patch(resource: string, name: string, namespace: string, change: object): Promise<void>;
}

/** The part of a cluster's handle that talks to the API: reads, patches and objects to apply in plain requests, everything else through kubectl. */
export function kubectlFor(kubeconfig: string, dir: string): KubeClient {
  const cache = join(dir, 'kubectl-cache');
  mkdirSync(cache, { recursive: true });
  const kubectl: KubeClient['kubectl'] = (args, stdin) =>
    run(part('kubectl'), [`--kubeconfig=${kubeconfig}`, `--cache-dir=${cache}`, ...args], { stdin });
  const send = apiClient(kubeconfig);
  const resources = resourcesOf(send);
  return {
    kubectl,
    async apply(objects, options = {}) {
      const manager = options.fieldManager ?? 'hookwave-test';
      if (typeof objects !== 'string' && (await applyObjects(send, resources, [objects].flat(), manager))) return;
      const text = typeof objects === 'string' ? objects : [objects].flat().map((object) => JSON.stringify(object)).join('\n---\n');
      await kubectl(['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`, '-f', '-'], text);
    },
    get: apiReader(send, resources, (...what) => getByKubectl(kubectl, ...what)),
    async patch(resource, name, namespace, change) {
      const found = await resources.named(resource);
      if (!found) throw new Error(`cannot patch ${resource} ${name}: the API server does not serve ${resource}`);
      const { status, body } = await send({ method: 'PATCH', path: pathOf(found, name, namespace), contentType: 'application/merge-patch+json', body: change });
      if (status !== 200) throw new Error(`patch of ${resource} ${name}: ${status} ${body?.message ?? body}`);
    },
    podLogs: (namespace, pod, container) =>
      kubectl(['logs', '--namespace', namespace, pod, ...(container === undefined ? ['--all-containers'] : ['-c', container])]),
    async waitForRollout(resource, namespace, options = {}) {
      await kubectl(['rollout', 'status', resource, '--namespace', namespace, `--timeout=${options.seconds ?? 90}s`]);
    },
  };
}

async function getByKubectl(kubectl: KubeClient['kubectl'], resource: string, name?: string, namespace?: string): Promise<Json> {
  const where = namespace === undefined ? [] : ['--namespace', namespace];
  const what = name === undefined ? [resource] : [resource, name];
  const everywhere = name === undefined && namespace === undefined ? ['--all-namespaces'] : [];
  const text = await kubectl(['get', ...what, ...where, ...everywhere, '--ignore-not-found', '-o', 'json']);
  if (text.trim() === '') return name === undefined ? [] : undefined;
  const answer = JSON.parse(text);
  return name === undefined ? answer.items : answer;
}
