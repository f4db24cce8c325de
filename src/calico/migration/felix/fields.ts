/** The fields of FelixConfiguration (libcalico-go `lib/apis/v3/felixconfig.go`), in the order in which they are written. */

export type FelixType =
  | 'bool'
  | 'int'
  | 'uint32'
  | 'seconds'
  | 'milliseconds'
  | 'string'
  | 'log level'
  | 'protocol ports'
  | 'ports'
  | 'port'
  | 'CIDRs'
  /** `Drop`, `Accept`, `Return` whatever the case. */
  | 'host action'
  /** `Accept`, `Return` whatever the case. */
  | 'allow action';

export interface FelixField {
  readonly v3: string;
  readonly v1: string;
  readonly type: FelixType;
}

/** Named alike in v1 and v3, apart from the first letter. */
function same(type: FelixType, ...v3Names: readonly string[]): readonly FelixField[] {
  return v3Names.map((v3) => ({ v3, v1: v3[0]!.toUpperCase() + v3.slice(1), type }));
}

function renamed(type: FelixType, v3: string, v1: string): FelixField {
  return { v3, v1, type };
}

export const FELIX_FIELDS: readonly FelixField[] = [
  ...same('bool', 'useInternalDataplaneDriver'),
  ...same('string', 'dataplaneDriver'),
  renamed('bool', 'ipv6Support', 'Ipv6Support'),
  ...same('bool', 'ignoreLooseRPF'),
  ...same('seconds', 'routeRefreshInterval', 'iptablesRefreshInterval'),
  renamed('seconds', 'iptablesPostWriteCheckInterval', 'IptablesPostWriteCheckIntervalSecs'),
  ...same('string', 'iptablesLockFilePath'),
  renamed('seconds', 'iptablesLockTimeout', 'IptablesLockTimeoutSecs'),
  renamed('milliseconds', 'iptablesLockProbeInterval', 'IptablesLockProbeIntervalMillis'),
  ...same('seconds', 'ipsetsRefreshInterval'),
  ...same('int', 'maxIpsetSize'),
  renamed('seconds', 'xdpRefreshInterval', 'XDPRefreshInterval'),
  renamed('seconds', 'netlinkTimeout', 'NetlinkTimeoutSecs'),
  ...same('string', 'metadataAddr'),
  ...same('int', 'metadataPort'),
  ...same('string', 'openstackRegion', 'interfacePrefix', 'interfaceExclude', 'chainInsertMode'),
  ...same('host action', 'defaultEndpointToHostAction'),
  ...same('allow action', 'iptablesFilterAllowAction', 'iptablesMangleAllowAction'),
  ...same('string', 'logPrefix', 'logFilePath'),
  ...same('log level', 'logSeverityFile', 'logSeverityScreen', 'logSeveritySys'),
  renamed('bool', 'ipipEnabled', 'IpInIpEnabled'),
  renamed('int', 'ipipMTU', 'IpInIpMtu'),
  renamed('bool', 'vxlanEnabled', 'VXLANEnabled'),
  renamed('int', 'vxlanMTU', 'VXLANMTU'),
  renamed('int', 'vxlanPort', 'VXLANPort'),
  renamed('int', 'vxlanVNI', 'VXLANVNI'),
  renamed('seconds', 'reportingInterval', 'ReportingIntervalSecs'),
  renamed('seconds', 'reportingTTL', 'ReportingTTLSecs'),
  ...same('bool', 'endpointReportingEnabled'),
  renamed('seconds', 'endpointReportingDelay', 'EndpointReportingDelaySecs'),
  ...same('uint32', 'iptablesMarkMask'),
  ...same('bool', 'disableConntrackInvalidCheck', 'healthEnabled'),
  ...same('string', 'healthHost'),
  ...same('int', 'healthPort'),
  ...same('bool', 'prometheusMetricsEnabled'),
  ...same('int', 'prometheusMetricsPort'),
  ...same('bool', 'prometheusGoMetricsEnabled', 'prometheusProcessMetricsEnabled'),
  ...same('protocol ports', 'failsafeInboundHostPorts', 'failsafeOutboundHostPorts'),
  ...same('ports', 'kubeNodePortRanges'),
  ...same('string', 'policySyncPathPrefix'),
  ...same('bool', 'usageReportingEnabled'),
  renamed('seconds', 'usageReportingInitialDelay', 'UsageReportingInitialDelaySecs'),
  renamed('seconds', 'usageReportingInterval', 'UsageReportingIntervalSecs'),
  renamed('port', 'natPortRange', 'NATPortRange'),
  renamed('CIDRs', 'externalNodesList', 'ExternalNodesCIDRList'),
  ...same('string', 'debugMemoryProfilePath'),
  ...same('bool', 'debugDisableLogDropping'),
  ...same('seconds', 'debugSimulateCalcGraphHangAfter', 'debugSimulateDataplaneHangAfter'),
  ...same('string', 'iptablesNATOutgoingInterfaceFilter'),
  renamed('bool', 'xdpEnabled', 'XDPEnabled'),
  renamed('bool', 'genericXDPEnabled', 'GenericXDPEnabled'),
];

/** Fields of ClusterInformation: v1 kept them beside Felix's settings. */
export const CLUSTER_FIELDS = [
  { v3: 'clusterGUID', v1: 'ClusterGUID' },
  { v3: 'clusterType', v1: 'ClusterType' },
  { v3: 'calicoVersion', v1: 'CalicoVersion' },
] as const;

/** Read with the nodes, not with Felix's settings. */
export const TUNNEL_ADDRESS = 'IpInIpTunnelAddr';
