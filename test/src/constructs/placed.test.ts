import { ApiObject, App, Testing, type Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { place, placedOf } from '../../../src/constructs/placed.ts';
import { placement } from '../../../src/plan/placement.ts';
import { argo } from '../../../src/sequencers/argo/argo.ts';
import { helm } from '../../../src/sequencers/helm/helm.ts';
import { BareUpgrade } from './fixture.ts';

const config = (scope: Construct, id: string) => new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id } });
const early = { placement: placement('upgrade', -1, 'tracked'), why: 'early' };
const late = { placement: placement('upgrade', 0, 'tracked'), why: 'late' };

function synth(chart: Chart): unknown {
  return Testing.synth(chart);
}

test('plain synthesis of what no sequencer has seen fails, with the construct and what to do; after argo it passes', () => {
  const chart = new BareUpgrade();
  place(config(chart, 'settings'), early);
  expect(() => synth(chart)).toThrow(/\[bare\/settings\] ConfigMap settings has a place in upgrade but no sequencer has seen it: call argo\(chart\) or helm\(chart\) before app\.synth\(\)/);
  argo(chart);
  expect(synth(chart)).toHaveLength(2);
});

test('what is added after the sequencer has run fails, too', () => {
  const chart = new BareUpgrade();
  argo(chart);
  place(config(chart, 'forgotten'), early);
  expect(() => synth(chart)).toThrow('[bare/forgotten]');
});

test('a construct gives its place to every object below it that has none', () => {
  const chart = new BareUpgrade();
  const group = new Construct(chart, 'group');
  const [first, second] = [config(group, 'first'), config(group, 'second')];
  place(first, early);
  place(group, late);
  expect([placedOf(first), placedOf(second)]).toEqual([early, late]);
  expect(() => place(group, late)).toThrow('bare/group has no object without a place');
});

test('an object without a place is refused by the sequencer, which says how to give it one', () => {
  const chart = new BareUpgrade();
  config(chart, 'nowhere');
  expect(() => argo(chart)).toThrow(/ConfigMap nowhere at bare\/nowhere has no place in the upgrade; give it one: place\(/);
});

test('one chart carries the annotations of one sequencer', () => {
  const chart = new BareUpgrade();
  argo(chart);
  expect(() => helm(chart)).toThrow('bare already carries the annotations of a sequencer');
  expect(App.of(chart)).toBeInstanceOf(App);
});
