/** The release matrix as data: what a release changes for who comes from below it. */
import { crosses, type Version } from './versions.ts';

/** How Calico is installed and where it keeps its data. Rows of further roads join with the recipes that need them. */
export type Road = 'manifest-kubernetes';

/** What may happen to who does not prepare. */
export type Severity = 'outage' | 'policy-loss' | 'data-loss' | 'failure' | 'note';

export interface ReleaseRow {
  /** The first release with the change. */
  readonly release: string;
  readonly roads: readonly Road[];
  readonly severity: Severity;
  readonly change: string;
  /** What is to be done, or what hookwave does. */
  readonly action: string;
  /** `step`: hookwave prepares it. `check`: preflight fails when it is not in order. `carried`: the manifest brings it. `yours`: to be looked at before the upgrade. */
  readonly by: 'step' | 'check' | 'carried' | 'yours';
  readonly source: string;
}

const MANIFEST: readonly Road[] = ['manifest-kubernetes'];

/** Ascending by release. */
export const RELEASE_ROWS: readonly ReleaseRow[] = [
  {
    release: 'v3.14.0',
    roads: MANIFEST,
    severity: 'outage',
    change: 'host endpoints with interfaceName "*" honour normal policy and drop by default',
    action: 'a temporary policy allows and logs on these endpoints until the cleanup is approved; explicit Deny rules that come alive are listed',
    by: 'step',
    source: 'projectcalico/calico v3.14.1 release notes; projectcalico/felix#2228',
  },
  {
    release: 'v3.15.0',
    roads: MANIFEST,
    severity: 'note',
    change: 'CRDs become apiextensions.k8s.io/v1 and carry a schema',
    action: 'CRDs are part of the manifest and are applied below the workloads',
    by: 'carried',
    source: 'projectcalico/calico v3.15.0 release notes',
  },
  {
    release: 'v3.21.0',
    roads: MANIFEST,
    severity: 'failure',
    change: 'calicoctl refuses to work with a cluster of another version',
    action: 'an old calicoctl helper Pod is found; the spec carries its replacement',
    by: 'check',
    source: 'projectcalico/calico calicoctl/calicoctl/commands/common/version_mismatch.go',
  },
  {
    release: 'v3.24.0',
    roads: MANIFEST,
    severity: 'failure',
    change: 'PodSecurityPolicies are gone from the manifest; needed from Kubernetes 1.25 on',
    action: 'delete leftover PodSecurityPolicies of Calico by hand',
    by: 'yours',
    source: 'projectcalico/calico v3.24.0 release notes; #6296',
  },
  {
    release: 'v3.26.0',
    roads: MANIFEST,
    severity: 'failure',
    change: 'the CNI plugin uses a ServiceAccount of its own, calico-cni-plugin',
    action: 'the manifest brings the account and its rights; own RBAC that names calico-node for the plugin needs the new name',
    by: 'carried',
    source: 'projectcalico/calico manifests/calico.yaml v3.26.0',
  },
  {
    release: 'v3.28.0',
    roads: MANIFEST,
    severity: 'data-loss',
    change: 'UIDs of projectcalico.org/v3 objects change: the garbage collector deletes what names one as its owner',
    action: 'with calico-apiserver installed: remove ownerReferences to projectcalico.org/v3 objects before the upgrade, add them again after it',
    by: 'yours',
    source: 'projectcalico/calico v3.28.0 release notes',
  },
  {
    release: 'v3.28.0',
    roads: MANIFEST,
    severity: 'note',
    change: 'VXLAN checksum offload is on again for kernels above 5.7',
    action: 'watch VXLAN traffic on old network cards; FelixConfiguration featureDetectOverride turns it off',
    by: 'yours',
    source: 'projectcalico/calico v3.28.0 release notes',
  },
  {
    release: 'v3.29.0',
    roads: MANIFEST,
    severity: 'failure',
    change: 'policy tiers: calico-apiserver crashes while the CRD tiers is missing',
    action: 'the manifest brings the CRD, applied below the workloads',
    by: 'carried',
    source: 'projectcalico/calico#9432',
  },
  {
    release: 'v3.31.0',
    roads: MANIFEST,
    severity: 'failure',
    change: 'images come from quay.io/calico instead of docker.io/calico',
    action: 'allow the registry on every node, or name a mirror in spec.overlays.registry',
    by: 'yours',
    source: 'projectcalico/calico#10025',
  },
  {
    release: 'v3.32.0',
    roads: MANIFEST,
    severity: 'policy-loss',
    change: 'AdminNetworkPolicy and BaselineAdminNetworkPolicy are no longer enforced',
    action: 'replace them by ClusterNetworkPolicy before the upgrade',
    by: 'yours',
    source: 'projectcalico/calico v3.32.0 release notes',
  },
  {
    release: 'v3.32.0',
    roads: MANIFEST,
    severity: 'policy-loss',
    change: 'tier allow-tigera is named calico-system; policy names lose the prefix of their tier',
    action: 'rename own policies in that tier by hand; policies of tier default are renamed by calico-kube-controllers after the rollout',
    by: 'yours',
    source: 'projectcalico/calico v3.32.0 release notes',
  },
  {
    release: 'v3.33.0',
    roads: MANIFEST,
    severity: 'note',
    change: 'one image calico/calico with other commands for everything but calico-node',
    action: 'overlays that patch commands, probes or image names of these containers need another look',
    by: 'yours',
    source: 'projectcalico/calico branch release-v3.33',
  },
];

/** The rows whose release lies on the way: from < release <= to. @throws TypeError on what is no version. */
export function rowsCrossed(from: Version | string, to: Version | string, road: Road): readonly ReleaseRow[] {
  return RELEASE_ROWS.filter((row) => row.roads.includes(road) && crosses(from, to, row.release));
}
