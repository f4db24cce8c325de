import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Cluster } from '../cluster.ts';
import { dumpLogsOnFailure } from '../dump-logs-on-failure.ts';
import { startCluster } from '../start-cluster.ts';
import { runnerImage } from './runner-image.ts';

let cluster: Cluster;
dumpLogsOnFailure(() => cluster);
beforeAll(async () => {
  cluster = await startCluster({ kubelets: 1 });
});
afterAll(() => cluster?.stop());

it('runs a bundle on node without root, with a read-only root and no capabilities', async () => {
  const bundle = join(cluster.dir, 'runner.cjs');
  writeFileSync(bundle, 'console.log(JSON.stringify({ uid: process.getuid(), args: process.argv.slice(2), ok: typeof fetch }))');
  const image = await runnerImage(bundle, 'hookwave.test/runner:unit');
  await cluster.images.load(image);

  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'runner', namespace: 'default' },
    spec: {
      restartPolicy: 'Never',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'runner',
          image: image.ref,
          args: ['run', 'x'],
          securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  });
  const pod = await cluster.waitFor('the end of the Pod', async () => {
    const now = await cluster.get('pod', 'runner', 'default');
    return ['Succeeded', 'Failed'].includes(now.status.phase) && now;
  });

  expect(JSON.parse(await cluster.podLogs('default', 'runner'))).toEqual({ uid: 65532, args: ['run', 'x'], ok: 'function' });
  expect(pod.status.phase).toBe('Succeeded');
});
