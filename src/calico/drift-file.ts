/** The file that tells calico-drift what the spec brings; synthesis writes it, the step reads it. */
import * as z from 'zod';
import type { KubeObject } from '../kube/cluster.ts';
import { tunables, type Tunables } from './tunables.ts';
import type { Workload } from './workloads.ts';

const tunablesSchema = z.record(z.string(), z.string());

export const driftFileSchema = z.strictObject({
  /** Of the manifest that the running release was installed with. */
  installed: tunablesSchema.optional(),
  /** Of the manifest to be applied, overlays included. */
  target: tunablesSchema,
  /** Paths that overlays set, whatever is live. */
  decided: z.array(z.string()).default([]),
});

export type DriftFile = Omit<z.output<typeof driftFileSchema>, 'installed'> & { readonly installed?: Tunables | undefined };

export interface DriftFileInput {
  /** Objects of the target manifest, overlays applied. */
  readonly target: readonly KubeObject[];
  /** The same without overlays. */
  readonly vendor: readonly KubeObject[];
  readonly installed?: readonly KubeObject[];
  readonly overlays: {
    readonly config?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
    readonly registry?: string | undefined;
  };
  readonly workload: Workload;
  /** calico-config or canal-config. */
  readonly configMap: string;
}

export function driftFile({ target, vendor, installed, overlays, workload, configMap }: DriftFileInput): DriftFile {
  const after = tunables(target);
  const decided = new Set([...namedPaths(overlays, workload, configMap), ...changedPaths(tunables(vendor), after)]);
  if (overlays.registry !== undefined) for (const path of Object.keys(after)) if (path.endsWith('/registry')) decided.add(path);
  return { ...(installed && { installed: tunables(installed) }), target: after, decided: [...decided].toSorted() };
}

/** Also when the overlay says the same as the vendor. */
function namedPaths({ config = {}, env = {} }: DriftFileInput['overlays'], { daemonset, container }: Workload, configMap: string): readonly string[] {
  return [
    ...Object.keys(config).map((key) => `ConfigMap/${configMap}/data/${key}`),
    ...Object.keys(env).map((name) => `DaemonSet/${daemonset}/containers/${container}/env/${name}`),
  ];
}

function changedPaths(before: Tunables, after: Tunables): readonly string[] {
  return Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path]);
}
