import { readWithoutSchemas } from '../spec/without-schemas.ts';
import type { CrdOutline } from '../steps/common/crds-establish.ts';

interface Crd {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly group: string;
    readonly names: object;
    readonly scope: string;
    readonly versions: readonly { readonly name: string; readonly served: boolean; readonly storage: boolean }[];
  };
}

/** What makes a custom resource definition known to the API server: all but its schemas, which are most of its text and are not parsed. */
export function crdOutline(text: string): CrdOutline {
  const { metadata, spec } = readWithoutSchemas(text) as Crd;
  const versions = spec.versions.map(({ name, served, storage }) => ({ name, served, storage }));
  const approved = metadata.annotations?.[API_APPROVED];
  return { name: metadata.name, ...(approved === undefined ? {} : { approved }), group: spec.group, names: spec.names, scope: spec.scope, versions };
}

/** The API server refuses definitions in groups below k8s.io without it (kubernetes/enhancements, KEP-1111). */
const API_APPROVED = 'api-approved.kubernetes.io';
