import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertName, convertNameNoDots, ipName, nodeName, poolName, profileName } from '../../../../src/calico/migration/names.ts';
import { parseCidr, parseIp } from '../../../../src/calico/migration/net.ts';

/** v1 name, normalised name. Where they are equal, no hash follows. */
const NORMALISED = [
  ['abcdef', 'abcdef'],
  ['Abcdef', 'abcdef'],
  ['abc-def', 'abc-def'],
  ['abc---def', 'abc---def'],
  ['abc/def', 'abc.def'],
  ['abc$$def', 'abc-def'],
  ['abc$!$def', 'abc-def'],
  ['abc..def', 'abc.def'],
  ['abc...def', 'abc.def'],
  ['abc.-def', 'abc.def'],
  ['abc.-.def', 'abc.def'],
  ['abc-.def', 'abc.def'],
  ['abc-.-def', 'abc.def'],
  ['aBcDe019', 'abcde019'],
  ['abc$def', 'abc-def'],
  ['-abc.def', 'abc.def'],
  ['abc.def-', 'abc.def'],
  ['.abc.def', 'abc.def'],
  ['abc.def.', 'abc.def'],
  ['-.abc.def', 'abc.def'],
  ['abc.def.-', 'abc.def'],
  ['$ABC/DeF-123.-456!', 'abc.def-123.456'],
] as const;
const HASH = /-[0-9a-f]{8}$/;

describe('names that had to change carry a hash of what they were', () => {
  test.each(NORMALISED)('%s -> %s', (v1, normalised) => {
    if (v1 === normalised) expect(convertName(v1)).toBe(v1);
    else expectHashed(convertName, v1, normalised);
  });

  test.each(NORMALISED)('without dots: %s', (v1, normalised) => {
    const plain = normalised.replaceAll('.', '-');
    if (v1 === plain) expect(convertNameNoDots(v1)).toBe(v1);
    else expectHashed(convertNameNoDots, v1, plain);
  });

  function expectHashed(convert: (v1: string) => string, v1: string, normalised: string): void {
    expect(convert(v1)).toMatch(HASH);
    expect(convert(v1).replace(HASH, '')).toBe(normalised);
    expect(convert(v1.toUpperCase()).replace(HASH, '')).toBe(normalised);
    if (v1 !== v1.toUpperCase()) expect(convert(v1.toUpperCase())).not.toBe(convert(v1));
  }

  test.each([
    [convertName, 'nod2.H3P.N/me', 'nod2.h3p.n.me-7188e863'],
    [convertNameNoDots, 'nameyMcPolicyName', 'nameymcpolicyname-32df456f'],
    [convertNameNoDots, 'MaKe.-.MaKe', 'make-make-1b6971c8'],
    [convertNameNoDots, 'RAWR', 'rawr-03d81e1d'],
    [profileName, 'k8s_ns.FlUx-.-CaPaCiToR$$', 'kns.flux.capacitor-a9ad9f16'],
    [profileName, 'pRo/le', 'pro.le-b1554692'],
    [profileName, 'k8s_ns.my-prof', 'kns.my-prof'],
  ] as const)('%o("%s") is what upstream makes of it', (convert, v1, v3) => {
    expect(convert(v1)).toBe(v3);
  });
});

test.each(NORMALISED)('node names carry no hash: %s -> %s', (v1, normalised) => {
  expect(nodeName(v1)).toBe(normalised);
});

test.each([
  ['192.168.0.1', '192-168-0-1'],
  ['Aa:bb::', '00aa-00bb-0000-0000-0000-0000-0000-0000'],
  ['0Aa:bb::50', '00aa-00bb-0000-0000-0000-0000-0000-0050'],
])('address %s is named %s', (ip, name) => {
  expect(ipName(parseIp(ip)!)).toBe(name);
});

test.each([
  ['10.0.0.0/16', '10-0-0-0-16'],
  ['2006::/64', '2006---64'],
  ['::/0', '---0'],
])('pool %s is named %s', (cidr, name) => {
  expect(poolName(parseCidr(cidr)!)).toBe(name);
});

test('the dotted capital I is lowered as Go does it', () => {
  expect(nodeName('\u0130stanbul')).toBe('istanbul');
});

describe('for any name', () => {
  const anyName = fc.oneof(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'aB0.-/_$ ') }));

  test('the result has only characters that v3 allows', () => {
    const check = (convert: (name: string) => string, allowed: RegExp) =>
      fc.assert(
        fc.property(anyName, (name) => {
          expect(convert(name)).toMatch(allowed);
        }),
      );
    check(convertName, /^[-.a-z0-9]*$/);
    check(convertNameNoDots, /^[-a-z0-9]*$/);
  });

  test('names that differ only in what is normalised away stay different, but for node names', () => {
    fc.assert(
      fc.property(anyName, fc.constantFrom('!', '$', '%'), (name, odd) => {
        const [a, b] = [`a${odd}${name}`, `a?${name}`];
        expect(nodeName(a)).toBe(nodeName(b));
        expect(convertName(a)).not.toBe(convertName(b));
      }),
    );
  });

  test('a normalised name is normal: doing it again changes nothing', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(nodeName(nodeName(name))).toBe(nodeName(name));
        if (nodeName(name) !== '') expect(convertName(convertName(name))).toBe(convertName(name));
      }),
    );
  });
});
