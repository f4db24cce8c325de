import { expect, it } from 'vitest';

import type { Json } from '../../cluster/cluster.ts';
import type { ArgoCluster } from './argo-cluster.ts';
import { stepperRef } from './objects.ts';

export function stepsAsInitContainers(argo: ArgoCluster): void {
  /** Three steps: the first two are init containers; exit codes 10, 11, 30 and 64 fail the Job for good. */
  function stepsJob(name: string, second: readonly string[]): object {
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, namespace: 'default' },
      spec: {
        backoffLimit: 1,
        podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [10, 11, 30, 64] } }] },
        template: {
          spec: {
            restartPolicy: 'Never',
            initContainers: [container('one', ['print', 'one']), container('two', second)],
            containers: [container('three', ['print', 'three'])],
          },
        },
      },
    };
  }

  function container(step: string, args: readonly string[]): object {
    return { name: step, image: stepperRef, args };
  }

  async function endOf(name: string): Promise<{ condition: Json; pods: Json[] }> {
    const condition = await argo.cluster.waitFor(`the end of Job ${name}`, async () => {
      const conditions: Json[] = (await argo.cluster.get('job', name, 'default')).status.conditions ?? [];
      return conditions.find((one) => ['Complete', 'Failed'].includes(one.type));
    });
    const pods: Json[] = await argo.cluster.get('pods', undefined, 'default');
    return { condition, pods: pods.filter((pod) => pod.metadata.labels['job-name'] === name) };
  }

  it('steps run in order, each with its own log', async () => {
    await argo.cluster.apply(stepsJob('good', ['print', 'two']));

    const { condition, pods } = await endOf('good');

    expect(condition.type).toBe('Complete');
    const finished = [...pods[0].status.initContainerStatuses, ...pods[0].status.containerStatuses];
    expect(finished.map((status: Json) => [status.name, status.state.terminated.exitCode])).toEqual([['one', 0], ['two', 0], ['three', 0]]);
    expect(await argo.cluster.podLogs('default', pods[0].metadata.name, 'two')).toMatch(/^two$/m);
  });

  it.each([10, 11, 30, 64])('exit code %i of an init container fails the Job at once, without a retry', async (code) => {
    const name = `fails-${code}`;
    await argo.cluster.apply(stepsJob(name, ['exit', String(code)]));

    const { condition, pods } = await endOf(name);

    expect(condition).toMatchObject({ type: 'Failed', reason: 'PodFailurePolicy' });
    expect(condition.message).toMatch(new RegExp(`Container two for pod .* failed with exit code ${code} matching FailJob rule`));
    expect(pods).toHaveLength(1);
    expect(pods[0].status.containerStatuses[0].state.terminated?.exitCode).toBeUndefined();
  });

  it('exit code 20 is retried up to the backoffLimit', async () => {
    await argo.cluster.apply(stepsJob('transient', ['exit', '20']));

    const { condition, pods } = await endOf('transient');

    expect(condition).toMatchObject({ type: 'Failed', reason: 'BackoffLimitExceeded' });
    expect(pods).toHaveLength(2);
  });
}
