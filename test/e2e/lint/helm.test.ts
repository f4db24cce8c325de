import { describe, vi } from 'vitest';
import { helmHooks } from './helm-hooks.ts';
import { helmReading } from './helm-reading.ts';
import { useHelmCluster } from './helm-trials.ts';
import { kubernetes } from './kubernetes.ts';

// What the rules of lint say about Helm and about Kubernetes itself, shown in both Helms and in the API server, the Job controller and a kubelet.
vi.setConfig({ maxConcurrency: 12 });
const used = useHelmCluster();

describe.concurrent('Kubernetes', () => kubernetes(used));
for (const major of [3, 4] as const) {
  describe.concurrent(`Helm ${major}`, () => {
    helmReading(used, major);
    helmHooks(used, major);
  });
}
