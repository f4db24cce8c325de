import type { ArgoCd } from './argocd.ts';
import type { ApiServer, ExtensionServer } from './control-plane.ts';
import type { WaitOptions, waitFor } from './wait-for.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- what `kubectl get -o json` answers; tests know the shape
export type Json = any;

/** A running cluster. Every test file starts its own and stops it in `afterAll`. */
export interface Cluster {
  /** Everything the cluster writes lies here. */
  readonly dir: string;
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  readonly nodes: readonly string[];
  readonly apiserver: ApiServer;
  /** A second API server, not running yet. Throws unless the cluster was started with `extension: true`. */
  readonly extension: ExtensionServer;
  readonly images: Images;
  /** Throws unless the cluster was started with `argocd: true`. */
  readonly argocd: ArgoCd;
  /** Returns standard output, throws with standard error. */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  /** Server-side apply of YAML text or of objects. */
  apply(objects: string | object | readonly object[], options?: ApplyOptions): Promise<void>;
  /** An object, or without a name a list's items. Undefined when there is no such object. */
  get(resource: string, name?: string, namespace?: string): Promise<Json>;
  waitFor: typeof waitFor;
  /** Waits until the newest Pods of a DaemonSet or Deployment are there and ready. */
  waitForRollout(resource: string, namespace: string, options?: WaitOptions): Promise<void>;
  podLogs(namespace: string, pod: string, container?: string): Promise<string>;
  /** Process ids of containers in this cluster's Pods whose command line contains the text. */
  podProcesses(text: string): readonly number[];
  /** Prints the end of every component's log, the Pods and the latest events. */
  dumpLogs(): Promise<void>;
  stop(): Promise<void>;
}

export interface ApplyOptions {
  /** Default `hookwave-test`. */
  readonly fieldManager?: string;
}

export interface Images {
  /** Imports an archive that `ctr` understands into every node. */
  load(...images: readonly { readonly archive: string }[]): Promise<void>;
  /** Into one node only. */
  loadOn(node: string, ...images: readonly { readonly archive: string }[]): Promise<void>;
}
