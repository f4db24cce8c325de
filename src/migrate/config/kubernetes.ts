import type { FieldName, Settings } from './fields.ts';
import type { ConfigProblem } from './problems.ts';
import type { ReadFile } from './read-file.ts';

/** How the API server of a Kubernetes datastore is reached. Nothing set: the Pod's own ServiceAccount. */
export interface KubernetesAccess {
  /** Path of a kubeconfig. */
  readonly kubeconfig?: string;
  /** URL of the API server, with what follows instead of a kubeconfig. */
  readonly endpoint?: string;
  /** Paths of PEM files. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  readonly insecure?: boolean;
}

export function kubernetesAccess({ values, where }: Settings, readFile: ReadFile): { readonly access: KubernetesAccess; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  for (const field of ['kubeconfig', 'k8sKeyFile', 'k8sCertFile', 'k8sCAFile'] as const satisfies readonly FieldName[]) {
    const path = values[field];
    const found = path === undefined ? undefined : readFile(path);
    if (found && 'error' in found) problems.push({ where: where(field), message: `names ${path}, which can't be read: ${found.error}`, fix: 'correct the path' });
  }
  const { kubeconfig, k8sAPIEndpoint: endpoint, k8sCAFile: ca, k8sCertFile: cert, k8sKeyFile: key, k8sAPIToken: token, k8sInsecureSkipTLSVerify: insecure } = values;
  const given = { kubeconfig, endpoint, ca, cert, key, token, insecure: insecure === undefined ? undefined : TRUE.test(insecure) };
  return { access: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), problems };
}

/** Go's ParseBool. */
const TRUE = /^(1|t|T|TRUE|true|True)$/;
