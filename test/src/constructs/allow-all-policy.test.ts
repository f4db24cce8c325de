import { expect, test } from 'vitest';
import { coverage } from '../../../src/calico/coverage.ts';
import { readHostEndpoint, readPolicy, storageRules } from '../../../src/calico/storage.ts';
import { AllowAllPolicy } from '../../../src/constructs/allow-all-policy.ts';
import { argo } from '../../../src/sequencers/argo/argo.ts';
import { helm } from '../../../src/sequencers/helm/helm.ts';
import { BareUpgrade } from './fixture.ts';

const props = { selector: 'role == "node"', release: 'v3.32.1' };

test('endpoints that it selects count as protected, so the upgrade needs no temporary policy for them', () => {
  for (const release of ['v3.13.4', 'v3.27.5', 'v3.32.1']) {
    const rules = storageRules(release);
    const stored = new AllowAllPolicy(new BareUpgrade(), 'nodes', { ...props, release, log: true }).object.toJson();
    const policy = readPolicy(stored, rules);
    const endpoint = (labels: Record<string, string>) => readHostEndpoint({ apiVersion: 'v1', kind: 'HostEndpoint', metadata: { name: 'a', labels }, spec: { node: 'a', interfaceName: '*' } }, rules);
    expect(policy.name).toBe('nodes');
    expect(coverage(endpoint({ role: 'node' }), [policy], [])).toEqual({ is: 'policy', policies: ['nodes'] });
    expect(coverage(endpoint({}), [policy], [])).toMatchObject({ is: 'unprotected' });
  }
});

test("up to v3.31 the stored name carries the tier's", () => {
  const nameAt = (release: string): string => new AllowAllPolicy(new BareUpgrade(), 'nodes', { ...props, release }).object.name;
  expect([nameAt('v3.31.2'), nameAt('v3.32.0')]).toEqual(['default.nodes', 'nodes']);
});

test('it is tracked and stands one wave before the workload; Helm, which has no waves, refuses it by its place', () => {
  const chart = new BareUpgrade();
  new AllowAllPolicy(chart, 'nodes', props);
  const text = argo(chart).find(({ name }) => name === '3-upgrade.yaml')?.text;
  expect(text).toContain('sync-wave: "-1"');
  expect(text).not.toContain('argocd.argoproj.io/hook');
  const other = new BareUpgrade();
  new AllowAllPolicy(other, 'nodes', props);
  expect(() => helm(other)).toThrow('GlobalNetworkPolicy nodes at bare/nodes/Resource is to stand before the rest');
});

test('a selector that selects Pods, one that is none, and the name of the temporary policy are refused', () => {
  for (const selector of ['', 'all()', '!has(role)', 'has(projectcalico.org/namespace)', 'role != "node"']) {
    expect(() => new AllowAllPolicy(new BareUpgrade(), 'nodes', { ...props, selector })).toThrow('selects Pods, too');
  }
  expect(() => new AllowAllPolicy(new BareUpgrade(), 'nodes', { ...props, selector: 'role =' })).toThrow();
  expect(() => new AllowAllPolicy(new BareUpgrade(), 'allow-all-upgrade', props)).toThrow('choose another name');
});
