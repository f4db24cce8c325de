import { describe, expect, test } from 'vitest';
import { leaf, outcomesOf, resourcesIn } from '../../../calico-v1/outcomes.ts';

const policy = (name: string, value: object) => outcomesOf(leaf({ is: 'policy', name }, value));
const firstSpec = (outcomes: ReturnType<typeof outcomesOf>) => resourcesIn(outcomes)[0]?.spec;

describe('policies', () => {
  test('with everything set', () => {
    const value = {
      order: 100.5,
      inbound_rules: [{ action: 'deny' }],
      outbound_rules: null,
      selector: "calico/k8s_ns == 'default' || thing == 'value'",
      pre_dnat: true,
      annotations: { 'b.example.com/x': '1', a: '2' },
      types: ['ingress'],
    };
    expect(resourcesIn(policy('nameyMcPolicyName', value))).toEqual([
      {
        kind: 'GlobalNetworkPolicy',
        apiVersion: 'projectcalico.org/v3',
        metadata: { name: 'nameymcpolicyname-32df456f', annotations: { a: '2', 'b.example.com/x': '1' } },
        spec: {
          order: 100.5,
          ingress: [{ action: 'Deny', source: {}, destination: {} }],
          selector: "projectcalico.org/namespace == 'default' || thing == 'value'",
          types: ['Ingress'],
          preDNAT: true,
          applyOnForward: true,
        },
      },
    ]);
  });

  test.each([
    ['MaKe.-.MaKe', { untracked: true, types: ['ingress'] }, 'make-make-1b6971c8', { doNotTrack: true, applyOnForward: true }],
    ['RAWR', { pre_dnat: true, types: ['ingress'] }, 'rawr-03d81e1d', { preDNAT: true, applyOnForward: true }],
    ['meow', { types: ['Ingress', 'EGRESS'], apply_on_forward: true }, 'meow', { types: ['Ingress', 'Egress'], applyOnForward: true }],
  ])('%s %o', (name, value, v3Name, spec) => {
    const outcomes = policy(name, { selector: '', ...value });
    expect(outcomes).toMatchObject([{ is: 'converted', v1: `Policy(name=${name})`, v3: `GlobalNetworkPolicy(${v3Name})` }]);
    expect(firstSpec(outcomes)).toMatchObject(spec);
  });

  test('neither untracked nor before DNAT: nothing is applied on forward', () => {
    expect(firstSpec(policy('meow', { selector: "make == 'cake'", types: ['ingress'] }))).toEqual({ selector: "make == 'cake'", types: ['Ingress'] });
  });

  test.each([
    [{}, ['Ingress', 'Egress']],
    [{ types: [] }, ['Ingress', 'Egress']],
    [{ pre_dnat: true }, ['Ingress']],
  ])('without types: %o', (value, types) => {
    expect(firstSpec(policy('p', value))).toMatchObject({ types });
  });

  test('an unknown type is a conversion error', () => {
    expect(policy('p', { types: ['sideways'] })).toEqual([{ is: 'conversion error', v1: 'Policy(name=p)', cause: "invalid policy type: 'sideways'" }]);
  });

  test('those of Kubernetes are left to the controllers; only those', () => {
    expect(policy('knp.default.web', {})).toMatchObject([{ is: 'skipped', v1: 'Policy(name=knp.default.web)' }]);
    expect(policy('knp-default-web', {})).toMatchObject([{ is: 'converted' }]);
  });

  test('other tiers are reported', () => {
    expect(outcomesOf(leaf('/calico/v1/policy/tier/platform/policy/p', {}))).toMatchObject([{ is: 'skipped', v1: '/calico/v1/policy/tier/platform/policy/p' }]);
  });

  test.each([
    [{ selector: 'a ==' }, 'Selector'],
    [{ types: ['ingress', 'ingress'] }, 'GlobalNetworkPolicySpec.Types'],
    [{ untracked: true, pre_dnat: true, types: ['ingress'] }, 'PolicySpec.PreDNAT'],
    [{ pre_dnat: true, outbound_rules: [{}], types: ['ingress'] }, 'PolicySpec.Egress'],
    [{ pre_dnat: true, types: ['egress'] }, 'PolicySpec.Types'],
    [{ annotations: { 'not/a/name': '' } }, 'Metadata.Annotations (key)'],
    [{ annotations: { a: 'x'.repeat(256 * 1024) } }, 'Metadata.Annotations (key)'],
  ])('v3 refuses %j', (value, field) => {
    expect(policy('p', value)).toMatchObject([{ is: 'validation error', v3: 'GlobalNetworkPolicy(p)', cause: expect.stringContaining(`error with field ${field} = `) }]);
  });

  test('several faults are a list', () => {
    expect(policy('p', { selector: '(', types: ['egress', 'egress'] })).toMatchObject([{ cause: expect.stringMatching(/^error with the following fields:\n- {2}Selector = .*\n- {2}GlobalNetworkPolicySpec.Types = .*\n$/) }]);
  });

  test('a name that becomes empty is refused, names that clash are reported', () => {
    expect(policy('.', {})).toMatchObject([{ is: 'validation error', cause: expect.stringContaining('Metadata.Name') }]);
    expect(outcomesOf(leaf({ is: 'policy', name: 'RAWR' }, {}), leaf({ is: 'policy', name: 'rawr-03d81e1d' }, {}))).toMatchObject([
      { is: 'converted', v1: 'Policy(name=RAWR)' },
      { is: 'clash', v1: 'Policy(name=rawr-03d81e1d)', other: 'Policy(name=RAWR)', v3: 'GlobalNetworkPolicy(rawr-03d81e1d)' },
    ]);
  });
});

describe('rules', () => {
  const rule = (value: object) => (firstSpec(policy('p', { inbound_rules: [value] }))!['ingress'] as readonly object[])[0];

  test('with everything set: single networks come last and are masked, tags join selectors', () => {
    const value = {
      action: 'next-tier',
      ip_version: 4,
      protocol: 'tcp',
      '!protocol': 'UDPlite',
      '!icmp_type': 10,
      '!icmp_code': 6,
      src_tag: 'tag1',
      src_net: '192.168.0.129/25',
      src_nets: ['30.0.0.3/24', '40.0.0.4'],
      src_selector: "has(calico/k8s_ns) || bake == 'cake'",
      src_ports: [80, '81:82', 'http', '83'],
      dst_tag: 'kingindanorth',
      dst_ports: [443],
      '!src_tag': 'no',
      '!src_selector': "a == 'b'",
      '!src_net': '20.0.0.2/24',
      '!dst_tag': 'never',
      '!dst_ports': [1],
    };
    expect(rule(value)).toEqual({
      action: 'Pass',
      ipVersion: 4,
      protocol: 'TCP',
      notProtocol: 'UDPLite',
      notICMP: { type: 10, code: 6 },
      source: {
        nets: ['30.0.0.0/24', '40.0.0.4/32', '192.168.0.128/25'],
        selector: "(has(projectcalico.org/namespace) || bake == 'cake') && tag1 == ''",
        ports: [80, '81:82', 'http', 83],
        notNets: ['20.0.0.0/24'],
        notSelector: "(a == 'b') || no == ''",
      },
      destination: { selector: "kingindanorth == ''", ports: [443], notSelector: "never == ''", notPorts: [1] },
    });
  });

  test.each([
    ['', 'Allow'],
    ['allow', 'Allow'],
    ['DENY', 'Deny'],
    ['log', 'Log'],
    ['pass', 'Pass'],
    ['next-tier', 'Pass'],
  ])('action "%s" is %s', (action, v3) => {
    expect(rule({ action })).toEqual({ action: v3, source: {}, destination: {} });
  });

  test.each([
    ['icmp', { protocol: 'ICMP' }],
    ['58', { protocol: 58 }],
    [240, { protocol: 240 }],
  ])('protocol %s', (protocol, expected) => {
    expect(rule({ protocol })).toMatchObject(expected);
  });

  test('ICMP type 0 is a type', () => {
    expect(rule({ protocol: 'icmpv6', ip_version: 6, icmp_type: 0 })).toMatchObject({ protocol: 'ICMPv6', icmp: { type: 0 } });
  });

  test.each([
    [{ action: 'maybe' }, 'Action'],
    [{ ip_version: 5 }, 'IPVersion'],
    [{ protocol: 0 }, 'Protocol'],
    [{ protocol: 'tls' }, 'Protocol'],
    [{ protocol: 'icmp', icmp_code: 1 }, 'Code'],
    [{ protocol: 'icmp', icmp_type: 255 }, 'Type'],
    [{ icmp_type: 1 }, 'ICMP'],
    [{ protocol: 'icmp', ip_version: 6 }, 'IPVersion'],
    [{ '!protocol': 'icmpv6', ip_version: 4 }, 'IPVersion'],
    [{ src_ports: [80] }, 'Source.Ports'],
    [{ protocol: 'icmp', '!dst_ports': [80] }, 'Destination.NotPorts'],
    [{ protocol: 'tcp', dst_ports: [0] }, 'Port'],
    [{ protocol: 6, dst_ports: ['Bad.Name'] }, 'PortName'],
    [{ src_net: 'aa::/64', '!dst_net': '10.0.0.0/8' }, 'Destination.NotNets'],
    [{ ip_version: 6, src_net: '10.0.0.0/8' }, 'Source.Nets'],
    [{ dst_selector: 'x' }, 'Selector'],
    [{ src_tag: 'not a key' }, 'Selector'],
    [{ '!src_selector': '!' }, 'NotSelector'],
  ])('v3 refuses %j', (value, field) => {
    expect(policy('p', { inbound_rules: [value] })).toMatchObject([{ is: 'validation error', cause: expect.stringContaining(`error with field ${field} = `) }]);
  });

  test.each([
    [{ src_net: '10.1/8' }, 'inbound_rules.0.src_net: "10.1/8" is no CIDR'],
    [{ src_ports: ['9:8'] }, 'inbound_rules.0.src_ports.0: expected a port'],
    [{ protocol: 300 }, 'inbound_rules.0.protocol: '],
  ])('%j can’t be read', (value, cause) => {
    expect(policy('p', { inbound_rules: [value] })).toMatchObject([{ is: 'conversion error', cause: expect.stringContaining(cause) }]);
  });
});

describe('selectors', () => {
  test.each([
    ["calico/k8s_ns == 'x'", "projectcalico.org/namespace == 'x'"],
    ["calico/k8s_ns in {'a', 'b'}", "projectcalico.org/namespace in {'a', 'b'}"],
    ['has(calico/k8s_ns)', 'has(projectcalico.org/namespace)'],
    ["has(calico/k8s_ns) && calico/k8s_ns != 'y' || z == 'q'", "has(projectcalico.org/namespace) && projectcalico.org/namespace != 'y' || z == 'q'"],
    ["calicoteam == 'k8s_ns'", "calicoteam == 'k8s_ns'"],
  ])('%s', (v1, v3) => {
    expect(firstSpec(policy('p', { selector: v1 }))).toMatchObject({ selector: v3 });
  });
});

describe('profiles', () => {
  const profile = (name: string, parts: { readonly tags?: unknown; readonly labels?: unknown; readonly rules?: unknown }) =>
    outcomesOf(...Object.entries(parts).map(([of, value]) => leaf({ is: 'profile', name, of: of as 'tags' }, value)));

  test('tags become labels without a value', () => {
    expect(resourcesIn(profile('makeMake', { tags: ['b', 'a'], labels: { thing: 'value' }, rules: { inbound_rules: [{ action: 'allow' }] } }))).toMatchObject([
      { kind: 'Profile', metadata: { name: expect.stringMatching(/^makemake-[0-9a-f]{8}$/) }, spec: { ingress: [{ action: 'Allow' }], labelsToApply: { a: '', b: '', thing: 'value' } } },
    ]);
  });

  test.each([
    ['tags only', { tags: ['a'] }, { labelsToApply: { a: '' } }],
    ['labels only', { labels: { a: 'b' } }, { labelsToApply: { a: 'b' } }],
    ['neither', { tags: [], rules: {} }, {}],
  ])('%s', (_name, parts, spec) => {
    expect(firstSpec(profile('p', parts))).toEqual(spec);
  });

  test.each([
    [{ tags: ['a'], labels: { a: 'b' } }, "Tag: 'a' and Label 'a == b' have the same value for Profile: p."],
    [{ tags: ['a', 'a'] }, "Tag: 'a' and Label 'a == ' have the same value for Profile: p."],
    [{ tags: 'x', labels: '{' }, 'labels: the value is not JSON'],
  ])('%o is a conversion error', (parts, cause) => {
    expect(profile('p', parts)).toMatchObject([{ is: 'conversion error', v1: 'Profile(name=p)', cause: expect.stringContaining(cause) }]);
  });

  test.each(['k8s_ns.default', 'openstack-sg-1'])('%s is made again by its controllers', (name) => {
    expect(profile(name, { tags: [], labels: {}, rules: {} })).toMatchObject([{ is: 'skipped', v1: `Profile(name=${name})` }]);
  });

  test('they go in the order of their v1 names, whatever the escapes in their keys', () => {
    expect([...profile('b', { tags: [] }), ...outcomesOf(...['a/b', 'a%b', 'a', 'Z'].map((name) => leaf({ is: 'profile', name, of: 'tags' }, [])))].map(({ v1 }) => v1)).toEqual([
      'Profile(name=b)',
      ...['Z', 'a', 'a%b', 'a/b'].map((name) => `Profile(name=${name})`),
    ]);
  });

  test('v3 refuses labels that are none', () => {
    expect(profile('p', { tags: ['not ok'] })).toMatchObject([{ is: 'validation error', cause: expect.stringContaining('field LabelsToApply') }]);
    expect(profile('p', { labels: JSON.parse('{"__proto__": "x"}') as object })).toMatchObject([{ is: 'validation error', cause: expect.stringContaining('__proto__') }]);
  });
});
