import type { HookJob } from '../../constructs/hook-job.ts';
import { objectsOf } from '../../constructs/placed.ts';
import { hookAnnotations } from './annotate.ts';
import { HOOK_OUTPUT_LOG_POLICY } from './annotations.ts';

type Json = Readonly<Record<string, unknown>>;

interface JobManifest {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly activeDeadlineSeconds: number; readonly template: { readonly spec: PodSpec } };
}

interface PodSpec extends Json {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
}

interface Container extends Json {
  readonly env: readonly { readonly name: string }[];
}

/**
 * What `helm test` runs: the proof of the verify Job as a Pod, with an identity like the Job's. It stays for its logs.
 */
export function testHook(job: HookJob): readonly object[] {
  const objects = objectsOf(job).map((object) => object.toJson() as Json);
  const manifest = objects.find(({ kind }) => kind === 'Job') as unknown as JobManifest;
  const name = testName(job);
  return [
    ...objects.filter(({ kind }) => kind !== 'Job').map((object) => withAnnotations(renamed(object, job.baseName, name) as Json, -1, 'before-hook-creation,hook-succeeded')),
    withAnnotations(renamed(podOf(manifest, name, job.props.identity.namespace), job.baseName, name) as Json, 0, 'before-hook-creation', PRINTED),
  ];
}

function testName({ props: { identity } }: HookJob): string {
  return `hookwave-${identity.upgrade}-test`;
}

function podOf({ metadata, spec }: JobManifest, name: string, namespace: string): Json {
  const { initContainers, containers, ...rest } = spec.template.spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: metadata.labels },
    spec: {
      ...rest,
      activeDeadlineSeconds: spec.activeDeadlineSeconds,
      ...(initContainers ? { initContainers: initContainers.map(withoutJob) } : {}),
      containers: containers.map(withoutJob),
    },
  };
}

/** The Pod has no Job, so no name of one. */
function withoutJob(container: Container): Container {
  return { ...container, env: container.env.filter(({ name }) => name !== 'JOB_NAME') };
}

/** Helm prints the logs itself: `helm test --logs` looks for the Pod in the namespace of the release (helm v4.2, pkg/action/release_testing.go). */
const PRINTED = { [HOOK_OUTPUT_LOG_POLICY]: 'hook-succeeded,hook-failed' };

function withAnnotations(object: Json, weight: number, policy: string, more: Readonly<Record<string, string>> = {}): object {
  const metadata = object['metadata'] as Json;
  return { ...object, metadata: { ...metadata, annotations: { ...hookAnnotations({ events: 'test', weight }, policy), ...more } } };
}

/** Replaces the Job's name wherever it stands alone. */
function renamed(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renamed(member, from, to)]));
}
