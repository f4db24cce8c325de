import { describe, expect, test } from 'vitest';
import { awakenings } from '../../../src/calico/denies.ts';
import { TEMPORARY_SPEC } from '../../../src/calico/temporary-policy.ts';
import { allowAll, BOTH, DENY, endpoint, policy } from './host-policy-objects.ts';

const star = endpoint('star', {}, { team: 'edge' });
const ssh = { action: 'Deny', protocol: 'TCP', source: { nets: ['10.0.0.0/8'] }, destination: { ports: [22, '8000:8010'] } };

describe('policies that come alive at v3.14', () => {
  test('a Deny on a `*` endpoint is listed with its rule and what it matches', () => {
    const found = awakenings([star, endpoint('star-2')], [policy('ssh', { types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'UDP' }, ssh] })], []);
    expect(found).toEqual([
      {
        policy: 'ssh',
        kind: 'deny',
        direction: 'ingress',
        rule: 1,
        endpoints: ['star', 'star-2'],
        sentence: 'GlobalNetworkPolicy ssh, ingress[1], will deny TCP from nets 10.0.0.0/8 to ports 22 8000:8010 on HostEndpoints star, star-2',
      },
    ]);
  });

  test.each([
    ['a named interface', endpoint('eth0', { interfaceName: 'eth0' })],
    ['a name with a star in it', endpoint('eth', { interfaceName: 'eth*' })],
    ['an automatic endpoint', endpoint('auto', {}, { 'projectcalico.org/created-by': 'calico-kube-controllers' })],
  ])('nothing changes for %s', (_what, other) => {
    expect(awakenings([other], [policy('deny', { ingress: DENY, egress: DENY })], [])).toEqual([]);
  });

  test.each([
    ['preDNAT, which was honoured before', { preDNAT: true, applyOnForward: true }],
    ['doNotTrack, which is not honoured there', { doNotTrack: true, applyOnForward: true }],
    ['one that selects other endpoints', { selector: "team == 'core'" }],
    ['one with a malformed selector', { selector: 'oops(' }],
    ['one for Pods', { namespaceSelector: 'all()' }],
  ])('nothing comes from %s', (_what, spec) => {
    expect(awakenings([star], [policy('deny', { types: BOTH, ingress: DENY, egress: DENY, ...spec })], [])).toEqual([]);
  });

  test('a Deny in a direction that its policy does not govern is not listed', () => {
    expect(awakenings([star], [policy('deny', { types: ['Egress'], ingress: DENY })], [])).toEqual([]);
  });

  test('a Deny that is never reached is not listed', () => {
    expect(awakenings([star], [allowAll('first', { order: 1 }), policy('deny', { order: 2, types: BOTH, ingress: DENY, egress: DENY })], [])).toEqual([]);
  });

  test('a Deny that only the temporary policy hides is listed', () => {
    const labelled = endpoint('star', {}, { 'host-endpoint-upgrade': '' });
    const found = awakenings([labelled], [policy('allow-all-upgrade', TEMPORARY_SPEC), policy('z-deny', { types: ['Ingress'], ingress: DENY })], []);
    expect(found.map(({ policy: name }) => name)).toEqual(['z-deny']);
  });

  test('a Pass after which nothing takes the traffic is listed, one before a profile is not', () => {
    const pass = policy('pass', { types: ['Ingress'], ingress: [{ action: 'Pass' }] });
    expect(awakenings([star], [pass], [])).toMatchObject([{ kind: 'pass', rule: 0, sentence: expect.stringContaining('all traffic') }]);
    expect(awakenings([endpoint('star', { profiles: ['projectcalico-default-allow'] })], [pass], [])).toEqual([]);
  });

  test('the presence of an applyOnForward policy makes forwarded traffic dropped by default', () => {
    const forward = policy('forward', { applyOnForward: true, types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP' }] });
    expect(awakenings([star], [forward], [])).toMatchObject([{ policy: 'forward', kind: 'forward', direction: 'ingress', endpoints: ['star'] }]);
    expect(awakenings([star], [forward, allowAll('rest', { applyOnForward: true })], [])).toEqual([]);
    expect(awakenings([star], [forward, allowAll('rest')], []), 'a policy that is not for forwarded traffic does not help it').toHaveLength(1);
  });

  test('a Deny on forwarded traffic is listed even where the host itself is allowed before', () => {
    const found = awakenings([star], [allowAll('host', { order: 1 }), policy('forward', { order: 2, applyOnForward: true, types: ['Ingress'], ingress: DENY })], []);
    expect(found).toMatchObject([{ policy: 'forward', kind: 'deny', rule: 0 }]);
  });
});
