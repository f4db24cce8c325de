import { GENERATED, table, type Page } from './page.ts';

/** What the real tier runs, read from where it is pinned. Versions with `v` but for Node. */
export interface Pins {
  readonly kubernetes: string;
  readonly argoCd: string;
  readonly helm: readonly string[];
  readonly etcd: string;
  /** Simulates nodes and Pods where many are needed. */
  readonly kwok: string;
  readonly node: {
    /** As package.json says it, such as `>=20.19`. */
    readonly engines: string;
    /** Base of the images, such as `24.11`. */
    readonly image: string;
  };
  readonly calico: {
    readonly from: string;
    /** The release whose objects play `from`. */
    readonly fromObjects: string;
    readonly to: string;
    /** Releases of a datastore migration, before and after. */
    readonly migration: readonly [before: string, after: string];
  };
}

/** What hookwave has been run with. */
export function versionsPage({ kubernetes, argoCd, helm, etcd, kwok, node, calico }: Pins): Page {
  const text = `${GENERATED}# Tested versions

These are the versions that the real tier builds and runs (\`npm run test:real\`, pinned in [test/cluster/parts](../../test/cluster/parts)). Others may work; nobody has tried them here.

${table(
    ['part', 'version', 'how it is run'],
    [
      ['Kubernetes', kubernetes, 'API server, controller-manager, scheduler, kubelet, kube-proxy and kubectl, built from the module `k8s.io/kubernetes`'],
      ['Argo CD', argoCd, 'application-controller, repo-server and the plugin server; what is said of newer releases is from their documentation'],
      ['Helm', helm.join(', '), 'install, upgrade, rollback and `helm test` of the charts that `synth --sequencer helm` writes'],
      ['etcd', etcd, 'behind the API server; the v1 datastore of a datastore migration is on 3.4 (package `etcd-server` of Debian), which serves the v2 API'],
      ['Node', node.engines, `the command line and the tests; the images are built on Node ${node.image}, which no test runs: they run on the Node of the machine`],
      ['kwok', kwok, 'plays nodes where a test needs more of them than a machine has'],
    ],
  )}

## Calico

Calico's own images are not run: stand-ins under their names do what an upgrade looks at (init containers, readiness, the version that calico-node reports). Manifests, custom resource definitions and rights are upstream's, unchanged.

${table(
    ['upgrade', 'from', 'to', 'run as'],
    [
      ['[CalicoUpgrade](spec-calico-upgrade.md)', calico.from, calico.to, `upstream's manifest of ${calico.to} over the objects of ${calico.fromObjects}, whose images are named ${calico.from}: older manifests do not install on a current API server`],
      ['[CalicoDatastoreMigration](spec-calico-datastore-migration.md)', calico.migration[0], calico.migration[1], 'the manifests of the example on a real etcd; the conversion has been compared once with upstream\'s own converters, on 40,000 generated objects'],
    ],
  )}
`;
  return { path: 'docs/reference/versions.md', text };
}
