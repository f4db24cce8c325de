import { describe, expect, test } from 'vitest';
import { calicoCtlRemove } from '../../../../src/steps/calico/calico-ctl-remove.ts';
import { calicoDiagnose } from '../../../../src/steps/calico/calico-diagnose.ts';
import { calicoDrift } from '../../../../src/steps/calico/calico-drift.ts';
import { calicoInspect } from '../../../../src/steps/calico/calico-inspect.ts';
import { calicoRolloutWatch } from '../../../../src/steps/calico/calico-rollout-watch.ts';
import { calicoVerify } from '../../../../src/steps/calico/calico-verify.ts';
import { flags as flagsOf } from '../../../../src/constructs/runner-container.ts';
import { parseParams } from '../../../../src/runner/params.ts';
import type { AccessRule } from '../../../../src/steps/step.ts';

const IDENTITY = { upgrade: 'calico', namespace: 'hookwave-calico', plan: 'aaaaaaaa' };
const AT = { from: 'v3.13.4', to: 'v3.32.1' };

const RULES: Readonly<Record<string, readonly AccessRule[]>> = {
  'calico-inspect': calicoInspect.access(calicoInspect.params.parse(AT), IDENTITY),
  'calico-drift': calicoDrift.access(calicoDrift.params.parse({ ...AT, tunables: '/x' }), IDENTITY),
  'calico-ctl-remove': calicoCtlRemove.access(calicoCtlRemove.params.parse(AT), IDENTITY),
  'calico-rollout-watch': calicoRolloutWatch.access(calicoRolloutWatch.params.parse(AT), IDENTITY),
  'calico-verify': calicoVerify.access(calicoVerify.params.parse(AT), IDENTITY),
  'calico-diagnose': calicoDiagnose.access(calicoDiagnose.params.parse(AT), IDENTITY),
};

/** Where v3.14 is crossed, the watch protects host endpoints that appear meanwhile. */
const PROTECTION = ['patch hostendpoints', 'create globalnetworkpolicies', 'create tier.globalnetworkpolicies'];

const READS = new Set(['get', 'list', 'watch']);

describe.each(Object.entries(RULES))('%s', (name, rules) => {
  test('has no rule whose empty list of names would mean all', () => {
    expect(rules.filter(({ resourceNames }) => resourceNames?.length === 0)).toEqual([]);
  });

  test('writes to nothing of Calico but what it is for', () => {
    const allowed: Readonly<Record<string, readonly string[]>> = { 'calico-ctl-remove': ['delete pods'], 'calico-rollout-watch': ['patch daemonsets', ...PROTECTION] };
    const writes = rules
      .filter(({ namespace }) => namespace !== IDENTITY.namespace)
      .flatMap(({ verbs, resources }) => verbs.filter((verb) => !READS.has(verb)).flatMap((verb) => resources.map((resource) => `${verb} ${resource}`)));
    expect([...new Set(writes)]).toEqual(allowed[name] ?? []);
  });
});

test('the runner reads every flag that synthesis writes', () => {
  const params = calicoVerify.params.parse({ ...AT, deployments: ['calico-kube-controllers', 'calico-typha'], stableSeconds: 45 });
  const flags = new Map(flagsOf(params).map((flag) => flag.slice(2).split('=', 2) as [string, string]));
  expect(parseParams(calicoVerify.params, flags)).toEqual({ params, problems: [] });
});

test('a release that is none is refused', () => {
  expect(calicoInspect.params.safeParse({ ...AT, to: 'v3.32' }).success).toBe(false);
});
