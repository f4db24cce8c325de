import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseNanoseconds, UNITS } from '../../../../src/calico/migration/felix/duration.ts';
import { FELIX_FIELDS } from '../../../../src/calico/migration/felix/fields.ts';
import { leaf, outcomesBesideNodes, resourcesIn } from '../../../calico-v1/outcomes.ts';

type Settings = Readonly<Record<string, string>>;
const global = (settings: Settings) => Object.entries(settings).map(([name, value]) => leaf({ is: 'global config', name }, value));
const ofHost = (host: string, settings: Settings) => Object.entries(settings).map(([name, value]) => leaf({ is: 'host config', host, name }, value));
const convertGlobal = (settings: Settings) => outcomesBesideNodes(...global(settings));
const specOf = (settings: Settings) => resourcesIn(convertGlobal(settings))[0]?.spec;

test('global settings, what is known of the cluster, and settings of a host, in this order', () => {
  const outcomes = outcomesBesideNodes(
    ...ofHost('myNode', {
      RouteRefreshInterval: '12.345',
      IptablesLockProbeIntervalMillis: '50.325',
      InterfacePrefix: 'califoobar',
      IpInIpEnabled: 'false',
      IptablesMarkMask: '1313',
      FailsafeInboundHostPorts: 'none',
      FailsafeOutboundHostPorts: 'TCP:1234,UDP:22,TCP:65535',
    }),
    ...global({
      RouteRefreshInterval: '32.222',
      IptablesLockProbeIntervalMillis: '10.754',
      InterfacePrefix: 'califoobar',
      IpInIpEnabled: 'true',
      IptablesMarkMask: '0xff000000',
      FailsafeInboundHostPorts: '1234, udp:22',
      ClusterGUID: 'abcedfg',
      ClusterType: 'Mesos,K8s',
    }),
  );
  expect(resourcesIn(outcomes).map(({ kind, metadata, spec }) => [kind, metadata.name, spec])).toEqual([
    [
      'FelixConfiguration',
      'default',
      {
        routeRefreshInterval: '32.222s',
        iptablesLockProbeInterval: '10.754ms',
        interfacePrefix: 'califoobar',
        ipipEnabled: true,
        iptablesMarkMask: 4278190080,
        failsafeInboundHostPorts: [
          { protocol: 'TCP', port: 1234 },
          { protocol: 'UDP', port: 22 },
        ],
      },
    ],
    ['ClusterInformation', 'default', { clusterGUID: 'abcedfg', clusterType: 'Mesos,K8s', datastoreReady: false }],
    [
      'FelixConfiguration',
      'node.mynode',
      {
        routeRefreshInterval: '12.345s',
        iptablesLockProbeInterval: '50.325ms',
        interfacePrefix: 'califoobar',
        ipipEnabled: false,
        iptablesMarkMask: 1313,
        failsafeInboundHostPorts: [],
        failsafeOutboundHostPorts: [
          { protocol: 'TCP', port: 1234 },
          { protocol: 'UDP', port: 22 },
          { protocol: 'TCP', port: 65535 },
        ],
      },
    ],
  ]);
  expect(outcomes.every((one) => one.is === 'converted' && !one.named)).toBe(true);
});

/** For each type: a good value and what becomes of it, a bad value. */
const SAMPLES = {
  bool: ['T', true, 'yes'],
  int: ['+1440', 1440, '14.5'],
  uint32: ['0xFF', 255, '-1'],
  seconds: ['90', '1m30s', 'soon'],
  milliseconds: ['0.5', '500\u00b5s', '1s'],
  string: ['any thing', 'any thing', undefined],
  'log level': ['WARNING', 'Warning', undefined],
  'protocol ports': ['udp:53', [{ protocol: 'UDP', port: 53 }], 'sctp:1'],
  ports: ['30000:32767, 80', ['30000:32767', 80], '9:1'],
  port: ['1:2', '1:2', '!'],
  CIDRs: ['10.0.0.0/8,1.2.3.4', ['10.0.0.0/8', '1.2.3.4/32'], '10'],
  'host action': ['ACCEPT', 'Accept', undefined],
  'allow action': ['RETURN', 'Return', undefined],
} as const;

/** Values of texts that v3 looks at more closely. */
const SPECIAL: Readonly<Record<string, string>> = { OpenstackRegion: 'region-1', IptablesNATOutgoingInterfaceFilter: 'eth0' };

describe.each(FELIX_FIELDS)('$v1', ({ v1, v3, type }) => {
  const [good, converted] = SAMPLES[type];
  const special = SPECIAL[v1];

  test(`becomes ${v3}`, () => {
    expect(specOf({ [v1]: special ?? good })).toEqual({ [v3]: special ?? converted });
  });
});

const FALLIBLE = FELIX_FIELDS.flatMap(({ v1, type }) => (SAMPLES[type][2] === undefined ? [] : [[v1, SAMPLES[type][2]] as const]));

test.each(FALLIBLE)('%s "%s" is a conversion error, once', (v1, bad) => {
  expect(convertGlobal({ [v1]: bad })).toMatchObject([{ is: 'conversion error', v1: `GlobalFelixConfig(name=${v1})`, cause: expect.stringContaining(bad) }]);
});

test('every field of v3 is there once, under one v1 name', () => {
  expect(FELIX_FIELDS).toHaveLength(63);
  expect(new Set(FELIX_FIELDS.map(({ v3 }) => v3)).size).toBe(63);
  expect(new Set(FELIX_FIELDS.map(({ v1 }) => v1)).size).toBe(63);
});

test.each([
  ['tcp:1:2', 'ports should be <protocol>:<number> or <number>'],
  ['icmp:1', 'unknown protocol'],
  ['http', 'ports should be integers'],
  ['65536', 'ports must be in range 0-65535'],
])('failsafe ports "%s": %s', (ports, problem) => {
  expect(convertGlobal({ FailsafeInboundHostPorts: ports })).toMatchObject([{ is: 'conversion error', cause: `failed to parse ProtoPort-${problem}: "${ports}"` }]);
});

test('failsafe ports that name none leave the default in force, and that is said', () => {
  expect(convertGlobal({ FailsafeInboundHostPorts: ' ,' })).toMatchObject([{ is: 'skipped' }, { is: 'converted', object: { resource: { spec: {} } } }]);
});

test('what v3 has no place for is reported', () => {
  expect(convertGlobal({ LogSeveritySys: 'none', LogSeverityFile: '', Unheard: 'x', HealthHost: '' })).toMatchObject([
    { is: 'skipped', v1: 'GlobalFelixConfig(name=Unheard)' },
    { is: 'skipped', v1: 'GlobalFelixConfig(name=LogSeveritySys)', why: expect.stringContaining('became Info') },
    { is: 'converted', object: { resource: { spec: { logSeveritySys: 'Info', healthHost: '' } } } },
  ]);
});

test('cluster information in the settings of a host is no setting of Felix', () => {
  expect(outcomesBesideNodes(...ofHost('h', { ClusterGUID: 'x', IpInIpTunnelAddr: '1.2.3.4' })).map(({ v1 }) => v1)).toContain('HostConfig(node=h,name=ClusterGUID)');
});

test('settings of two hosts with one normalised name clash', () => {
  expect(outcomesBesideNodes(...ofHost('A', { LogPrefix: 'x' }), ...ofHost('a', { LogPrefix: 'y' }))[1]).toEqual({
    is: 'clash',
    v1: 'HostConfig(node=a,name=*)',
    other: 'HostConfig(node=A,name=*)',
    v3: 'FelixConfiguration(node.a)',
  });
});

test.each([
  [{ DefaultEndpointToHostAction: 'maybe' }, 'DefaultEndpointToHostAction'],
  [{ IptablesFilterAllowAction: 'DROP' }, 'IptablesFilterAllowAction'],
  [{ OpenstackRegion: 'Not_A_Label' }, 'OpenstackRegion'],
  [{ IptablesNATOutgoingInterfaceFilter: 'eth0/1' }, 'IptablesNATOutgoingInterfaceFilter'],
  [{ KubeNodePortRanges: '1,2,3,4,5,6,7,8' }, 'KubeNodePortRanges'],
  [{ KubeNodePortRanges: 'http' }, 'KubeNodePortRanges'],
  [{ NATPortRange: 'http' }, 'NATPortRange'],
  [{ ExternalNodesCIDRList: 'aa::/64' }, 'ExternalNodesCIDRList'],
])('v3 refuses %o', (settings, field) => {
  expect(convertGlobal(settings as Settings)).toMatchObject([{ is: 'validation error', v3: 'FelixConfiguration(default)', cause: expect.stringContaining(`error with field ${field} = `) }]);
});

describe('durations', () => {
  test.each([
    ['0', '0s'],
    ['12.345', '12.345s'],
    ['60', '1m0s'],
    ['86400', '24h0m0s'],
    ['-1.5', '-1.5s'],
    ['1e-9', '1ns'],
    ['.000001', '1\u00b5s'],
    ['0.0505', '50.5ms'],
    ['3661.5', '1h1m1.5s'],
  ])('%s seconds are %s', (seconds, text) => {
    expect(formatDuration(parseNanoseconds(seconds, UNITS.seconds)!)).toBe(text);
  });

  test.each(['', ' 1', '1s', 'Inf', 'NaN', '0x1p3', '1e300'])('"%s" is none', (text) => {
    expect(parseNanoseconds(text, UNITS.seconds)).toBeUndefined();
  });

  test('reading the printed form back gives the same time', () => {
    const units: Readonly<Record<string, number>> = { h: 3600e9, m: 60e9, s: 1e9, ms: 1e6, '\u00b5s': 1e3, ns: 1 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e14 }), (nanoseconds) => {
        const parts = [...formatDuration(BigInt(nanoseconds)).matchAll(/([\d.]+)(h|ms|m|s|\u00b5s|ns)/g)];
        const sum = parts.reduce((total, [, number, unit]) => total + Number(number) * units[unit!]!, 0);
        expect(Math.abs(sum - nanoseconds)).toBeLessThan(1);
      }),
    );
  });
});
