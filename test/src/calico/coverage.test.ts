import { describe, expect, test } from 'vitest';
import { coverage } from '../../../src/calico/coverage.ts';
import { uncoveredDirections } from '../../../src/calico/cleanup-coverage.ts';
import { TEMPORARY_SPEC } from '../../../src/calico/temporary-policy.ts';
import { ALLOW, allowAll, BOTH, DENY, endpoint, policy } from './host-policy-objects.ts';

const bare = endpoint('all', {}, { team: 'edge' });
const profiled = endpoint('all', { profiles: ['projectcalico-default-allow'] });
const automatic = endpoint('node-1-auto-hep', {}, { 'projectcalico.org/created-by': 'calico-kube-controllers' });

describe('the strict rule', () => {
  test('an endpoint without policy and profile is unprotected', () => {
    expect(coverage(bare, [], [])).toEqual({ is: 'unprotected', direction: 'ingress', reason: 'no policy selects it, and it has no profile' });
  });

  test('automatic endpoints are never in question', () => {
    expect(coverage(automatic, [], [])).toEqual({ is: 'automatic' });
  });

  test('only the profile that is known to allow covers', () => {
    expect(coverage(profiled, [], [])).toEqual({ is: 'profile' });
    expect(coverage(endpoint('all', { profiles: ['custom'] }), [], [])).toMatchObject({ is: 'unprotected', reason: expect.stringContaining('profile custom') });
  });

  test('a policy that governs a direction takes the profile out of it', () => {
    expect(coverage(profiled, [policy('ssh', { types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP' }] })], [])).toMatchObject({ is: 'unprotected', direction: 'ingress' });
    expect(coverage(profiled, [policy('ssh', { types: ['Ingress'], ingress: ALLOW })], [])).toEqual({ is: 'policy', policies: ['ssh'] });
  });

  test('a policy that allows everything both ways covers what it selects', () => {
    expect(coverage(bare, [allowAll('edge', { selector: "team == 'edge'" })], [])).toEqual({ is: 'policy', policies: ['edge'] });
    expect(coverage(bare, [allowAll('core', { selector: "team == 'core'" })], [])).toMatchObject({ is: 'unprotected' });
  });

  test('two policies may share the directions', () => {
    const both = [policy('in', { types: ['Ingress'], ingress: ALLOW }), policy('out', { types: ['Egress'], egress: ALLOW })];
    expect(coverage(bare, both, [])).toEqual({ is: 'policy', policies: ['in', 'out'] });
    expect(coverage(bare, both.slice(0, 1), [])).toMatchObject({ is: 'unprotected', direction: 'egress' });
  });

  test.each([
    ['preDNAT', { preDNAT: true, applyOnForward: true }],
    ['doNotTrack', { doNotTrack: true, applyOnForward: true }],
    ['for namespaces', { namespaceSelector: 'all()' }],
    ['for service accounts', { serviceAccountSelector: "a == 'b'" }],
    ['with a malformed selector', { selector: 'team = edge' }],
  ])('a policy %s does not cover', (_what, spec) => {
    expect(coverage(bare, [allowAll('allow', spec)], [])).toMatchObject({ is: 'unprotected' });
  });

  test('applyOnForward does not keep a policy from covering: it applies to the traffic of the host, too', () => {
    expect(coverage(bare, [allowAll('allow', { applyOnForward: true })], [])).toEqual({ is: 'policy', policies: ['allow'] });
  });

  test('a policy for the global namespace, or with empty selectors, selects host endpoints', () => {
    expect(coverage(bare, [allowAll('allow', { namespaceSelector: 'global()' })], [])).toMatchObject({ is: 'policy' });
    expect(coverage(bare, [allowAll('allow', { selector: '', namespaceSelector: '!has(x)' })], [])).toMatchObject({ is: 'policy' });
    expect(coverage(bare, [allowAll('allow', { selector: 'all()', namespaceSelector: '!has(x)' })], [])).toMatchObject({ is: 'unprotected' });
  });

  test.each([
    ['a protocol', { protocol: 'TCP' }],
    ['a net', { source: { nets: ['0.0.0.0/0'] } }],
    ['a selector', { destination: { selector: 'all()' } }],
    ['a field that is not known here', { newField: { some: 1 } }],
  ])('an Allow narrowed by %s does not cover', (_what, narrowing) => {
    const rules = [{ action: 'Allow', ...narrowing }];
    expect(coverage(bare, [policy('some', { types: BOTH, ingress: rules, egress: rules })], [])).toMatchObject({
      is: 'unprotected',
      reason: 'tier default drops what some leaves undecided',
    });
  });

  test('Log, empty fields and metadata do not narrow', () => {
    const rules = [{ action: 'Log' }, { action: 'Allow', metadata: { annotations: { a: 'b' } }, source: { nets: [] }, destination: {} }];
    expect(coverage(bare, [policy('all', { types: BOTH, ingress: rules, egress: rules })], [])).toMatchObject({ is: 'policy' });
  });

  test('without types a policy governs both directions', () => {
    expect(coverage(bare, [policy('all', { ingress: ALLOW, egress: ALLOW })], [])).toMatchObject({ is: 'policy' });
    expect(coverage(profiled, [policy('in', { ingress: ALLOW })], [])).toMatchObject({ is: 'unprotected', direction: 'egress' });
  });

  test('the order decides between Allow and Deny; no order is last, names break ties', () => {
    const deny = policy('deny', { types: BOTH, order: 10, ingress: DENY, egress: DENY });
    expect(coverage(bare, [allowAll('z'), deny], [])).toEqual({ is: 'denied', policy: 'deny', direction: 'ingress' });
    expect(coverage(bare, [allowAll('z', { order: 1 }), deny], [])).toMatchObject({ is: 'policy' });
    expect(coverage(bare, [allowAll('a'), policy('b', { ingress: DENY, egress: DENY })], [])).toMatchObject({ is: 'policy' });
    expect(coverage(bare, [allowAll('c'), policy('b', { ingress: DENY, egress: DENY })], [])).toMatchObject({ is: 'denied' });
  });

  test('a narrow Deny is a decision, not a gap', () => {
    const ssh = policy('ssh', { order: 1, types: ['Ingress'], ingress: [{ action: 'Deny', protocol: 'TCP', destination: { ports: [22] } }] });
    expect(coverage(bare, [ssh, allowAll()], [])).toEqual({ is: 'policy', policies: ['allow'] });
  });

  test('a tier before that ends in Deny hides the allowing policy; one that ends in Pass does not', () => {
    const first = policy('first.some', { tier: 'first', types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP' }] });
    expect(coverage(bare, [first, allowAll()], [{ name: 'first', order: 1 }])).toMatchObject({ is: 'unprotected', reason: 'tier first drops what first.some leaves undecided' });
    expect(coverage(bare, [first, allowAll()], [{ name: 'first', order: 1, defaultAction: 'Pass' }])).toMatchObject({ is: 'policy' });
    expect(coverage(bare, [first, allowAll()], [{ name: 'first', order: 2_000_000 }])).toMatchObject({ is: 'policy' });
  });

  test('Pass leads to the next tier, or to nowhere', () => {
    const pass = policy('pass', { order: 1, types: BOTH, ingress: [{ action: 'Pass' }], egress: [{ action: 'Pass' }] });
    expect(coverage(bare, [pass, allowAll()], [])).toEqual({ is: 'denied', policy: 'pass', direction: 'ingress' });
    expect(coverage(profiled, [pass], [])).toEqual({ is: 'profile' });
    expect(coverage(bare, [pass, allowAll('last.allow', { tier: 'last' })], [{ name: 'last', order: 2_000_000 }])).toEqual({ is: 'policy', policies: ['last.allow'] });
  });

  test('a narrow Pass into a tier that drops is a gap', () => {
    const pass = policy('pass', { order: 1, types: ['Ingress'], ingress: [{ action: 'Pass', protocol: 'TCP' }] });
    const last = policy('last.some', { tier: 'last', types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'UDP' }] });
    expect(coverage(bare, [pass, allowAll(), last], [])).toMatchObject({ is: 'unprotected', reason: 'tier last drops what last.some leaves undecided' });
    expect(coverage(bare, [pass, allowAll()], [])).toMatchObject({ is: 'policy' });
  });
});

describe('the rule of the cleanup', () => {
  const narrow = [{ action: 'Allow', protocol: 'TCP' }];

  test('any Allow of another policy covers its direction', () => {
    expect(uncoveredDirections(bare, [policy('in', { types: ['Ingress'], ingress: narrow }), policy('out', { types: ['Egress'], egress: narrow })])).toEqual([]);
  });

  test('a direction without any policy and profile is not covered', () => {
    expect(uncoveredDirections(bare, [policy('in', { types: ['Ingress'], ingress: narrow })])).toEqual(['egress']);
    expect(uncoveredDirections(bare, [])).toEqual(['ingress', 'egress']);
  });

  test('the temporary policy itself covers nothing, under either name', () => {
    expect(uncoveredDirections(bare, [policy('allow-all-upgrade', TEMPORARY_SPEC)])).toHaveLength(2);
    expect(uncoveredDirections(endpoint('all', {}, { 'host-endpoint-upgrade': '' }), [policy('default.allow-all-upgrade', TEMPORARY_SPEC)])).toHaveLength(2);
  });

  test('a profile covers where no policy governs', () => {
    const custom = endpoint('all', { profiles: ['custom'] });
    expect(uncoveredDirections(custom, [])).toEqual([]);
    expect(uncoveredDirections(custom, [policy('deny', { types: ['Egress'], egress: DENY })])).toEqual(['egress']);
  });

  test('a policy that selects others, only denies, or is for preDNAT covers nothing', () => {
    expect(uncoveredDirections(bare, [allowAll('core', { selector: "team == 'core'" })])).toHaveLength(2);
    expect(uncoveredDirections(bare, [policy('deny', { ingress: DENY, egress: DENY })])).toHaveLength(2);
    expect(uncoveredDirections(bare, [allowAll('dnat', { preDNAT: true, applyOnForward: true })])).toHaveLength(2);
  });
});
