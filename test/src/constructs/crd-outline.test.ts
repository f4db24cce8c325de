import { describe, expect, test } from 'vitest';
import { crdOutline } from '../../../src/constructs/crd-outline.ts';
import { parseManifestDocument, splitManifest } from '../../../src/spec/manifest-text.ts';
import { hasUpstream, upstream } from '../../upstream.ts';

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Cluster
  versions:
    - schema:
        openAPIV3Schema:
          properties:
            schema:
              type: object
      name: v1

      served: true
      storage: true
`;

test('an outline has everything but the schemas', () => {
  expect(crdOutline(CRD)).toEqual({
    name: 'things.example.com',
    group: 'example.com',
    names: { kind: 'Thing', plural: 'things' },
    scope: 'Cluster',
    versions: [{ name: 'v1', served: true, storage: true }],
  });
});

describe.skipIf(!hasUpstream)("upstream's manifests (skipped where they are absent)", () => {
  test.each(['calico/v3.32.1/operator-crds.yaml', 'calico/v3.32.1/calico.yaml', 'calico/v3.24.6/calico.yaml', 'openebs/cstor-crds.yaml'])('%s: the outline equals what a full parse finds', (path) => {
    const crds = splitManifest(upstream(path)).filter(({ kind }) => kind === 'CustomResourceDefinition');
    expect(crds.length).toBeGreaterThan(3);
    for (const { text } of crds) {
      const { metadata, spec } = parseManifestDocument(text).toJS();
      const versions = spec.versions.map(({ name, served, storage }: { name: string; served: boolean; storage: boolean }) => ({ name, served, storage }));
      const approved = metadata.annotations?.['api-approved.kubernetes.io'];
      expect(spec.group.endsWith('.k8s.io')).toBe(approved !== undefined);
      expect(crdOutline(text)).toEqual({ name: metadata.name, ...(approved && { approved }), group: spec.group, names: spec.names, scope: spec.scope, versions });
    }
  }, 30_000);
});
