import { describe, expect, test } from 'vitest';
import type { DaemonSet, Pod } from '../../../../src/calico/workloads.ts';
import type { ConfigError } from '../../../../src/migrate/config/problems.ts';
import { completionSettings } from '../../../../src/migrate/hooks/completion-settings.ts';
import { completionVerdict } from '../../../../src/migrate/hooks/completion-verdict.ts';
import { expectedImage } from '../../../../src/migrate/hooks/expected-image.ts';
import { parseJsonPath } from '../../../../src/migrate/hooks/json-path.ts';

const IMAGE = 'quay.io/calico/node:v3.1.7';
const settings = completionSettings({ EXPECTED_NODE_IMAGE: IMAGE });

function daemonSet(more: { readonly image?: string; readonly updated?: number; readonly desired?: number; readonly observed?: number; readonly strategy?: object; readonly unavailable?: number } = {}): DaemonSet {
  const { image = IMAGE, updated = 3, desired = 3, observed = 2, strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } }, unavailable = 3 } = more;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'calico-node', namespace: 'kube-system', uid: 'ds', generation: 2 },
    spec: { selector: { matchLabels: { 'k8s-app': 'calico-node' } }, updateStrategy: strategy, template: { spec: { containers: [{ name: 'calico-node', image }] } } },
    status: { observedGeneration: observed, desiredNumberScheduled: desired, updatedNumberScheduled: updated, numberAvailable: 0, numberUnavailable: unavailable },
  };
}

function pod(name: string, more: { readonly image?: string; readonly initialized?: boolean; readonly running?: boolean; readonly deleted?: boolean } = {}): Pod {
  const { image = IMAGE, initialized = true, running = true, deleted = false } = more;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...(deleted && { deletionTimestamp: '2026-01-01T00:00:00Z' }) },
    spec: { containers: [{ name: 'calico-node', image }], initContainers: [{ name: 'migrate' }] },
    status: {
      phase: initialized ? 'Running' : 'Pending',
      conditions: [{ type: 'Initialized', status: initialized ? 'True' : 'False' }, { type: 'Ready', status: 'False' }],
      initContainerStatuses: [{ name: 'migrate', state: initialized ? { terminated: { exitCode: 0 } } : { running: {} } }],
      containerStatuses: [{ name: 'calico-node', ready: false, state: running ? { running: {} } : { waiting: { reason: 'PodInitializing' } } }],
    },
  };
}

const three = [pod('a'), pod('b'), pod('c')];

describe('the rollout', () => {
  test('is out when every new Pod runs, though none is ready', () => {
    expect(completionVerdict(daemonSet(), three, settings)).toEqual({ is: 'rolled' });
    expect(completionVerdict(daemonSet(), [...three, pod('old', { deleted: true, running: false })], settings)).toEqual({ is: 'rolled' });
    expect(completionVerdict(daemonSet(), undefined, settings)).toEqual({ is: 'rolled' });
  });

  test.each([
    ['an init container still runs', daemonSet(), [pod('a'), pod('b'), pod('c', { initialized: false, running: false })], 'rolling', 'Pod c: init container migrate runs'],
    ['calico-node does not run yet', daemonSet(), [pod('a'), pod('b'), pod('c', { running: false })], 'rolling', 'Pod c: container calico-node PodInitializing'],
    ['a Pod is missing', daemonSet(), [pod('a'), pod('b'), pod('old', { image: 'quay.io/calico/node:v2.6.12' })], 'rolling', '2 of 3 Pods'],
    ['the controller has not seen it', daemonSet({ observed: 1 }), three, 'rolling', 'has not seen it yet'],
    ['Pods are replaced', daemonSet({ updated: 1 }), three, 'rolling', '1 of 3 Pods of DaemonSet kube-system/calico-node are updated'],
    ['it may replace one at a time only', daemonSet({ updated: 1, unavailable: 1, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } }), three, 'rolling', 'set maxUnavailable to 100%'],
    ['no node wants it', daemonSet({ desired: 0, updated: 0 }), [], 'unsettled', 'no node wants a Pod'],
    ['it does not exist', undefined, undefined, 'unsettled', 'DaemonSet kube-system/calico-node does not exist with labels k8s-app=calico-node; apply it, or correct DS_NAME'],
    ['it has another image', daemonSet({ image: 'quay.io/calico/node:v3.1.70' }), three, 'unsettled', 'has image quay.io/calico/node:v3.1.70, not quay.io/calico/node:v3.1.7'],
    ['its image is none', daemonSet({ image: 'Quay io' }), three, 'impossible', 'is no image reference'],
    ['it rolls OnDelete', daemonSet({ updated: 1, strategy: { type: 'OnDelete' } }), three, 'impossible', 'update strategy OnDelete, which replaces no Pod (1 of 3 are new)'],
  ] as const)('%s', (_what, live, pods, is, why) => {
    expect(completionVerdict(live, pods, settings)).toEqual({ is, why: expect.stringContaining(why) });
  });

  test('OnDelete is no problem once somebody has deleted all old Pods', () => {
    expect(completionVerdict(daemonSet({ strategy: { type: 'OnDelete' } }), three, settings)).toEqual({ is: 'rolled' });
  });
});

describe('the expected image', () => {
  test.each([
    ['calico/node:v3.1.1', 'quay.io/calico/node:v3.1.1', true],
    ['calico/node:v3.1.1', 'registry.example.com:5000/mirror/calico/node:v3.1.1', true],
    ['docker.io/calico/node:v3.1.1', 'calico/node:v3.1.1', true],
    ['calico/node:v3.1.1', 'quay.io/calico/node:v3.1.10', false],
    ['calico/node:v3.1.1', 'quay.io/notcalico/node:v3.1.1', false],
    ['calico/node:v3.1.1', 'quay.io/calico/node:v3x1.1', false],
    ['quay.io/calico/node:v3.1.1', 'docker.io/calico/node:v3.1.1', false],
    [`calico/node@sha256:${'a'.repeat(64)}`, `quay.io/calico/node:v3@sha256:${'a'.repeat(64)}`, true],
    [`calico/node@sha256:${'a'.repeat(64)}`, `quay.io/calico/node:v3@sha256:${'b'.repeat(64)}`, false],
  ])('%s and %s: %s', (expected, actual, matches) => {
    expect(expectedImage(expected).matches(actual)).toBe(matches);
  });
});

describe('the settings', () => {
  test("are upstream's where nothing is set, with a warning about the image", () => {
    expect(completionSettings({ DS_NAME: '', EXPECTED_NODE_IMAGE: '' })).toMatchObject({ namespace: 'kube-system', daemonset: 'calico-node', selector: 'k8s-app=calico-node', settleSeconds: 300, warnings: [expect.stringContaining('quay.io/calico/node:v3.1.1 is expected')] });
  });

  test('the labels follow the name where none are given', () => {
    expect(completionSettings({ DS_NAME: 'cn', DS_SELECTOR: '', EXPECTED_NODE_IMAGE: IMAGE }).selector).toBe('k8s-app=cn');
  });

  test('a selector of the user selects the image of another container', () => {
    const { images, selector } = completionSettings({ DS_NAME: 'cn', DS_SELECTOR: 'app=$DS_NAME', DS_IMAGE_SELECTOR: "{.items[?(@.metadata.name=='${DS_NAME}')].spec.template.spec.containers[0].image}", EXPECTED_NODE_IMAGE: IMAGE });
    expect(selector).toBe('app=cn');
    expect(images({ items: [{ metadata: { name: 'other' } }, { metadata: { name: 'cn' }, spec: { template: { spec: { containers: [{ name: 'x', image: 'i' }] } } } }] })).toEqual(['i']);
  });

  test('all that is wrong is said at once', () => {
    const thrown = (() => {
      try {
        return completionSettings({ EXPECTED_NODE_IMAGE: 'calico/node', DS_IMAGE_SELECTOR: '.items', NAMESPACE: 'kube system', HOOKWAVE_SETTLE_SECONDS: 'soon' });
      } catch (error) {
        return error as ConfigError;
      }
    })() as ConfigError;
    expect(thrown.problems.map(({ where }) => where).toSorted()).toEqual(['DS_IMAGE_SELECTOR', 'EXPECTED_NODE_IMAGE', 'HOOKWAVE_SETTLE_SECONDS', 'NAMESPACE']);
  });

  test.each(['{range .items[*]}{.a}{end}', '{.a..b}', '{.items[?(@.n>1)]}', '{.a', ''])('JSONPath beyond the subset is refused: %s', (text) => {
    expect(() => parseJsonPath(text)).toThrow(TypeError);
  });
});
