import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { expect, test } from 'vitest';
import { InitGuard } from '../../../src/constructs/init-guard.ts';
import { container } from '../../../src/constructs/own-container.ts';
import { objectsOf } from '../../../src/constructs/placed.ts';
import { VendorManifest } from '../../../src/constructs/vendor-manifest.ts';
import { BareUpgrade } from './fixture.ts';

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      serviceAccountName: web
      initContainers: [{name: theirs}]
      containers: [{name: web}]
`;
const access = [{ apiGroup: '', resources: ['pods'], verbs: ['get'] as const, namespace: 'shop' }];
const step = container({ name: 'wait', summary: 'waits', image: 'waiter:1', access });

interface Rendered {
  readonly spec: { readonly template: { readonly spec: { readonly initContainers: readonly { readonly name: string; readonly resources?: object }[] } } };
  readonly subjects?: readonly object[];
}

function guardsOf(workload: ApiObject): readonly { readonly name: string; readonly resources?: object }[] {
  return (workload.toJson() as Rendered).spec.template.spec.initContainers;
}

test("the guard comes before a vendor's own init containers and runs as the account of the Pods", () => {
  const chart = new BareUpgrade();
  const [workload] = new VendorManifest(chart, 'vendor', { manifest: MANIFEST, file: 'web', why: 'web' }).objects;
  new InitGuard(chart, 'guard', { workload: workload!, step, why: 'test' });
  expect(guardsOf(workload!).map(({ name }) => name)).toEqual(['hookwave-guard', 'theirs']);
  const binding = objectsOf(chart).find(({ kind }) => kind === 'RoleBinding')?.toJson() as Rendered;
  expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }]);
});

test('a plain object and one of cdk8s-plus carry the whole guard', () => {
  const chart = new BareUpgrade();
  const plain = new ApiObject(chart, 'plain', { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'plain' }, spec: { template: { spec: { containers: [] } } } });
  const generated = new kplus.Deployment(chart, 'generated', { automountServiceAccountToken: true, containers: [{ image: 'web:1' }] });
  for (const [id, workload] of [['one', plain], ['two', ApiObject.of(generated)]] as const) {
    new InitGuard(chart, id, { workload, step, why: 'test' });
    const [guard] = guardsOf(workload);
    expect(guard).toMatchObject({ name: `hookwave-${id}`, image: 'waiter:1', resources: { requests: { cpu: '10m', memory: '64Mi' } } });
  }
});

test('a workload whose Pods have no token, or that has no Pods, is refused by its place', () => {
  const chart = new BareUpgrade();
  const generated = ApiObject.of(new kplus.Deployment(chart, 'web', { containers: [{ image: 'web:1' }] }));
  expect(() => new InitGuard(chart, 'one', { workload: generated, step, why: 'test' })).toThrow(/Deployment bare-web.* at bare\/web\/Resource gives its Pods no token.*set automountServiceAccountToken/);
  const config = new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
  expect(() => new InitGuard(chart, 'two', { workload: config, step, why: 'test' })).toThrow('ConfigMap c at bare/config has no Pod template');
});
