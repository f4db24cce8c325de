/** Where the conversion differs from upstream's, and why. The reference page is made of this table. */
export interface Deviation {
  readonly what: string;
  readonly upstream: string;
  readonly here: string;
  readonly why: string;
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    what: 'Values that can’t be read',
    upstream: 'Listings drop the entry; a node’s BGP settings are taken as unset; an unreadable `node_mesh` means the mesh is off.',
    here: 'Each is a conversion error, so nothing is migrated until all can be read.',
    why: 'Upstream loses the object without a word.',
  },
  {
    what: 'What is left behind',
    upstream: 'Filtered objects, unknown Felix settings and other keys are not reported.',
    here: 'The fifth report, `skipped`, lists each with the reason.',
    why: 'Nothing is dropped in silence.',
  },
  {
    what: 'Negated tag and negated selector in one rule',
    upstream: '`(selector) && tag == \'\'`',
    here: '`(selector) || tag == \'\'`',
    why: 'v1 matches when neither applies; with `&&` the v3 rule matches more than the v1 rule did.',
  },
  {
    what: 'Protocols of workload endpoint ports',
    upstream: 'Kept as `tcp`, which v3 validation refuses.',
    here: 'Written `TCP`, as for host endpoints.',
    why: 'Endpoints with named ports could not be migrated.',
  },
  {
    what: 'Label `calico/k8s_ns` of host endpoints',
    upstream: 'Kept, while selectors are renamed.',
    here: 'Renamed to `projectcalico.org/namespace`, as for workload endpoints.',
    why: 'Otherwise selectors stop matching the host endpoint.',
  },
  {
    what: '`IptablesMarkMask`',
    upstream: 'Only decimal numbers are read.',
    here: 'Hexadecimal numbers (`0xff000000`) too.',
    why: 'That is how the mask is usually written.',
  },
  {
    what: '`DefaultEndpointToHostAction`, `IptablesFilterAllowAction`, `IptablesMangleAllowAction`',
    upstream: 'Stored as found (`ACCEPT`), though v3 knows `Accept` only.',
    here: 'Written in v3’s spelling.',
    why: 'v3 clients refuse to update the object otherwise.',
  },
  {
    what: 'FelixConfiguration, ClusterInformation, BGPConfiguration',
    upstream: 'Not validated.',
    here: 'Validated like everything else.',
    why: 'What v3 would refuse shows before the migration, not after.',
  },
  {
    what: '`KubeNodePortRanges`, `NATPortRange`, `ExternalNodesCIDRList`',
    upstream: 'A conversion error (“unhandled field type”).',
    here: 'Converted.',
    why: 'v3 has all three fields.',
  },
  {
    what: '`XDPRefreshInterval`',
    upstream: 'Always written, as `XDPRefreshInterval: null` when unset, because of a malformed tag.',
    here: 'Written as `xdpRefreshInterval` when set. v3 reads field names whatever their case.',
    why: 'No stray null.',
  },
  {
    what: 'A bad duration',
    upstream: 'Reported twice.',
    here: 'Reported once.',
    why: 'The second error is of a wrong type check.',
  },
  {
    what: 'Failsafe ports without a port in the list',
    upstream: 'Written as null.',
    here: 'Left out and reported; v3’s default applies. `none` is read in any case.',
    why: 'The same effect, said aloud.',
  },
  {
    what: 'Felix log levels that v3 does not have (`none`)',
    upstream: 'Become Info.',
    here: 'Become Info, and are reported.',
    why: 'The change should be seen.',
  },
  {
    what: 'The default AS number',
    upstream: 'A bad one ends the whole query with an error.',
    here: 'A conversion error among the others.',
    why: 'All problems are reported at once.',
  },
  {
    what: 'AS numbers of BGP peers',
    upstream: 'Dotted notation (`1.10`) can’t be read; a peer without one gets AS 0.',
    here: 'Dotted notation is read; a peer without one is a conversion error.',
    why: 'v1 itself allowed the notation; AS 0 is no peer.',
  },
  {
    what: 'Felix settings of hosts whose names become the same',
    upstream: 'Merged.',
    here: 'A name clash.',
    why: 'One host would get the other’s settings.',
  },
  {
    what: 'The tunnel address of a node',
    upstream: 'Added after validation, by normalised host name.',
    here: 'Added before validation, by host name.',
    why: 'A bad address is found; hosts with one normalised name don’t mix.',
  },
  {
    what: 'IPAM settings (`/calico/ipam/v2/config`)',
    upstream: 'Not migrated.',
    here: 'Migrated.',
    why: 'Strict affinity was lost.',
  },
  {
    what: 'Namespaces of workload endpoints',
    upstream: 'Not validated.',
    here: 'Must be DNS labels.',
    why: 'They are part of the storage key.',
  },
  {
    what: 'Order of the per-node FelixConfigurations',
    upstream: 'Random.',
    here: 'By host name.',
    why: 'Two runs give the same reports.',
  },
  {
    what: 'Report `validationerrors`',
    upstream: 'v1 name, v3 name and error run together on one line.',
    here: 'One line each.',
    why: 'They can be read.',
  },
  {
    what: 'ClusterInformation in a Kubernetes datastore',
    upstream: 'Written second, with the version of v1.',
    here: 'Written last, with `v3.0.0`, until calico-node writes its own version.',
    why: 'With the version of v1 calico-node would migrate once more at its start, and fail on the uids of objects that exist.',
  },
];
