import { describe, expect, test } from 'vitest';
import { flags as flagsOf } from '../../../../src/constructs/runner-container.ts';
import { parseParams } from '../../../../src/runner/params.ts';
import { calicoDenies } from '../../../../src/steps/calico/calico-denies.ts';
import { calicoEndpointGuard } from '../../../../src/steps/calico/calico-endpoint-guard.ts';
import { calicoProtect } from '../../../../src/steps/calico/calico-protect.ts';
import { calicoUnprotect } from '../../../../src/steps/calico/calico-unprotect.ts';
import type { AccessRule } from '../../../../src/steps/step.ts';

const IDENTITY = { upgrade: 'calico', namespace: 'hookwave-calico', plan: 'aaaaaaaa' };
const AT = { from: 'v3.13.4', to: 'v3.32.1' };
const READS = new Set(['get', 'list', 'watch']);

const writesOf = (rules: readonly AccessRule[], where: (rule: AccessRule) => boolean): readonly string[] =>
  rules.filter(where).flatMap(({ verbs, resources, apiGroup }) => verbs.filter((verb) => !READS.has(verb)).map((verb) => `${verb} ${resources.join()}.${apiGroup}`)).sort();
const onCalico = ({ apiGroup }: AccessRule): boolean => apiGroup.endsWith('projectcalico.org');

describe('rights on Calico, in both groups', () => {
  test('the preflight check and the guard only read', () => {
    for (const rules of [calicoDenies.access(calicoDenies.params.parse(AT), IDENTITY), calicoEndpointGuard.access({ node: 'n' }, IDENTITY)]) {
      expect(writesOf(rules, onCalico)).toEqual([]);
      expect(new Set(rules.filter(onCalico).map(({ apiGroup }) => apiGroup))).toEqual(new Set(['crd.projectcalico.org', 'projectcalico.org']));
    }
  });

  test('the preparation labels endpoints and creates policies', () => {
    expect(writesOf(calicoProtect.access(calicoProtect.params.parse(AT), IDENTITY), onCalico)).toEqual([
      'create globalnetworkpolicies.crd.projectcalico.org',
      'create globalnetworkpolicies.projectcalico.org',
      'create tier.globalnetworkpolicies.projectcalico.org',
      'patch hostendpoints.crd.projectcalico.org',
      'patch hostendpoints.projectcalico.org',
    ]);
  });

  test('the cleanup labels endpoints and deletes policies', () => {
    expect(writesOf(calicoUnprotect.access(calicoUnprotect.params.parse(AT), IDENTITY), onCalico)).toEqual([
      'delete globalnetworkpolicies.crd.projectcalico.org',
      'delete globalnetworkpolicies.projectcalico.org',
      'delete tier.globalnetworkpolicies.projectcalico.org',
      'patch hostendpoints.crd.projectcalico.org',
      'patch hostendpoints.projectcalico.org',
    ]);
  });
});

test('the guard writes nothing at all, and reads nothing in other namespaces than its own', () => {
  const rules = calicoEndpointGuard.access({ node: 'n' }, IDENTITY);
  expect(writesOf(rules, () => true)).toEqual([]);
  expect(rules.filter(({ namespace }) => namespace !== undefined)).toEqual([{ apiGroup: '', resources: ['configmaps'], verbs: ['get'], resourceNames: ['hookwave-calico'], namespace: 'hookwave-calico' }]);
});

test('the runner reads every flag that synthesis writes', () => {
  const params = calicoUnprotect.params.parse({ ...AT, overrides: ['node-1-all', 'node-2-all'], approved: 'aaaaaaaa' });
  const flags = new Map(flagsOf(params).map((flag) => flag.slice(2).split('=', 2) as [string, string]));
  expect(parseParams(calicoUnprotect.params, flags)).toEqual({ params, problems: [] });
});
