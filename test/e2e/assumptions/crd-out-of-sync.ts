import { expect, it } from 'vitest';

import type { ApplicationOptions } from '../../cluster/argocd-applications.ts';
import type { ArgoCluster } from './argo-cluster.ts';

export function crdsOutOfSync(argo: ArgoCluster): void {
  /** A CRD as Calico's manifests have them: the API server drops `preserveUnknownFields: false`, it is the default. */
  function crd(plural: string, changes: { spec?: object; annotations?: Record<string, string> }): Record<string, string> {
    const object = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.hookwave.test`, ...(changes.annotations && { annotations: changes.annotations }) },
      spec: {
        group: 'hookwave.test',
        names: { kind: plural, listKind: `${plural}List`, plural, singular: plural },
        scope: 'Cluster',
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
        ...changes.spec,
      },
    };
    return { 'crd.json': JSON.stringify(object) };
  }

  async function statusAfterSync(name: string, files: Record<string, string>, options: Partial<ApplicationOptions> = {}): Promise<string> {
    const { argocd } = argo.cluster;
    await argo.application(name, files, { syncOptions: ['ServerSideApply=true'], ...options });
    await argocd.sync(name);
    expect((await argocd.waitForOperation(name)).phase).toBe('Succeeded');
    await argocd.refresh(name);
    // A status computed from an old cache may say OutOfSync for a moment.
    await argocd.waitForSyncedAndHealthy(name, { seconds: 8 }).catch(() => undefined);
    return (await argocd.status(name)).sync;
  }

  const written = { spec: { preserveUnknownFields: false } };
  const ignored = [{ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', jsonPointers: ['/spec/preserveUnknownFields'] }];
  const serverSideDiff = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' };

  it('a CRD that says preserveUnknownFields: false stays OutOfSync for good, server-side apply or not', async () => {
    const both = [statusAfterSync('plains', crd('plains', written)), statusAfterSync('clients', crd('clients', written), { syncOptions: [] })];
    expect(await Promise.all(both)).toEqual(['OutOfSync', 'OutOfSync']);
  });

  it('server-side diff asked for by an annotation of the CRD changes nothing (Argo CD 3.2)', async () => {
    expect(await statusAfterSync('objects', crd('objects', { ...written, annotations: serverSideDiff }))).toBe('OutOfSync');
  });

  it('empty annotations make it OutOfSync, too', async () => {
    expect(await statusAfterSync('empties', crd('empties', { annotations: {} }))).toBe('OutOfSync');
  });

  it.each<[string, string, Record<string, string>, Partial<ApplicationOptions>]>([
    ['without the field', 'drops', crd('drops', {}), {}],
    ['with ignoreDifferences in the Application', 'ignores', crd('ignores', written), { ignoreDifferences: ignored }],
    ['with server-side diff for the Application', 'apps', crd('apps', written), { annotations: serverSideDiff }],
  ])('%s it is Synced', async (_what, name, files, options) => {
    expect(await statusAfterSync(name, files, options)).toBe('Synced');
  });
}
