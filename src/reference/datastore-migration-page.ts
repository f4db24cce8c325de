import { DEVIATIONS } from '../calico/migration/deviations.ts';
import { CLUSTER_FIELDS, FELIX_FIELDS } from '../calico/migration/felix/fields.ts';
import { REPORTS } from '../calico/migration/reports.ts';
import { cell, code, GENERATED, table, type Page } from './page.ts';

/** What the conversion of Calico's v1 data does, field by field where fields change their names. */
export function datastoreMigrationPage(): Page {
  const text = `${GENERATED}# Calico datastore migration: what is converted, and how

The rules are those of Calico's own \`calico-upgrade\` (libcalico-go \`bd77a00\`, \`lib/upgrade\`), apart from the [deviations](#deviations) below.

| v1 | v3 | name in v3 |
|---|---|---|
| global Felix settings | FelixConfiguration \`default\`, ClusterInformation \`default\` (\`datastoreReady\` stays false until the migration is completed) | |
| a host's Felix settings | FelixConfiguration | \`node.NODE\` |
| \`as_num\`, \`loglevel\`, \`node_mesh\` | BGPConfiguration \`default\` | |
| host | Node | lower case, without characters that v3 does not allow |
| BGP peer | BGPPeer | \`10-0-0-1\`, \`NODE.10-0-0-1\`; IPv6 in full |
| host endpoint | HostEndpoint | \`NODE.ID\`, hashed |
| IP pool | IPPool | \`192-168-0-0-16\` |
| policy | GlobalNetworkPolicy | hashed, dots become dashes |
| profile, tags, labels | Profile; tags become labels without a value | hashed; \`k8s_ns.\` becomes \`kns.\` |
| workload endpoint | WorkloadEndpoint | \`NODE-ORCHESTRATOR-ID-ENDPOINT\`, dashes inside doubled |
| IPAM blocks, affinities, handles, settings | the same keys; hosts as v3 names them | |

"Hashed": a name that had to change ends in \`-\` and 8 hex digits of the SHA-1 of the v1 name.

Left to Calico's controllers, which write them again: policies \`knp.default.*\`, profiles \`k8s_ns.*\` and \`openstack-sg-*\`, workload endpoints of OpenStack.
In a Kubernetes datastore only the Felix and BGP settings and the per-node BGP peers (annotations of Nodes) are converted; everything else is in the v3 form there already.
etcd v2 hides keys that begin with \`_\` from listings: a policy or a host of such a name is not seen, neither here nor by upstream.

## Reports

${table(['file', 'what it lists', 'keeps the migration from being started'], REPORTS.map(({ file, title, error }) => [code(file), title, error ? 'yes' : 'no']))}

A file exists only when it has entries. \`skipped\` is an addition to upstream's four.

## Deviations

${table(['what', 'upstream', 'here', 'why'], DEVIATIONS.map(({ what, upstream, here, why }) => [what, upstream, here, why].map(cell)))}

## Felix settings

${table(['v1', 'v3', 'read as'], FELIX_FIELDS.map(({ v1, v3, type }) => [code(v1), code(v3), type]))}

ClusterInformation has ${CLUSTER_FIELDS.map(({ v1, v3 }) => `\`${v1}\` as \`${v3}\``).join(', ')}; \`IpInIpTunnelAddr\` of a host goes into its Node. Other settings are reported as skipped.
`;
  return { path: 'docs/reference/calico-datastore-migration.md', text };
}
