import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../src/kube/cluster.ts';
import { upstream } from '../../upstream.ts';

/** Upstream's manifest without its CRDs, which are most of its bytes. */
export function upstreamObjects(release: string, file = 'calico.yaml'): readonly KubeObject[] {
  const text = upstream(`calico/${release}/${file}`)
    .split(/^---$/m)
    .filter((part) => !part.includes('kind: CustomResourceDefinition'))
    .join('\n---\n');
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
}
