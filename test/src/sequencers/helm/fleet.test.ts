import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fleet, type FleetValues } from '../../../../src/sequencers/helm/fleet.ts';
import { helm } from '../../../../src/sequencers/helm/helm.ts';
import { hasUpstream, upstream } from '../../../upstream.ts';
import { calicoChart } from './calico-chart.ts';
import { byIdentity, exampleChart, objectsIn, unboundObjects } from './objects.ts';
import { helms, run, withChart } from './real-helm.ts';

const duration = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom('s', 'm', 'h')).map(([number, unit]) => `${number}${unit}`);
const valueSet = fc.record(
  {
    'runner.image': fc.constantFrom('mirror.example.com/runner:2', `registry.example.com/a/b@sha256:${'0'.repeat(64)}`),
    'runner.imagePullPolicy': fc.constantFrom('Always', 'Never', 'IfNotPresent'),
    'deadlines.preflight': duration,
    'deadlines.rollout': duration,
    'deadlines.stall': duration,
    'deadlines.verify': duration,
    'namespace.create': fc.boolean(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<FleetValues>;

test('without values it is what the chart is written from', async () => {
  expect(byIdentity(objectsIn(fleet(await exampleChart()).render({})))).toEqual(byIdentity(unboundObjects(await exampleChart())));
});

test('what the chart does not take is refused, with the way out', async () => {
  const { problemsOf, render } = fleet(await exampleChart());
  const bad = { 'deadlines.rollout': 'soon', 'deadlines.unknown': '1m', 'runner.imagePullPolicy': 'Sometimes', 'namespace.create': 'yes', 'runner.image': 'mirror.example.com/runner:2' };
  expect(problemsOf(bad).map(({ path }) => path)).toEqual(['deadlines.rollout', 'deadlines.unknown', 'runner.imagePullPolicy', 'namespace.create']);
  expect(() => render(bad)).toThrow('deadlines.unknown is no value of the chart; use one of runner.image, ');
});

for (const tool of helms) {
  describe.skipIf(!tool.present)(tool.title, () => {
    test('renders the same objects from the same values', async () => {
      const { render } = fleet(await exampleChart());
      await withChart('calico', helm(await exampleChart()), async (folder) => {
        for (const values of fc.sample(valueSet, { numRuns: 5, seed: 5 })) {
          expect(byIdentity(objectsIn(render(values)))).toEqual(byIdentity(objectsIn(await run(tool, 'template', 'calico', folder, ...flags(values)))));
        }
      });
    });

    test.skipIf(!hasUpstream)(`renders the same objects of upstream's manifest${hasUpstream ? '' : ' (skipped: no upstream files)'}`, async () => {
      const chart = () => calicoChart(upstream('calico/v3.32.1/calico.yaml'), 'v3.32.1');
      const [values] = fc.sample(valueSet, { numRuns: 1, seed: 6 });
      const rendered = await withChart('calico', helm(chart()), (folder) => run(tool, 'template', 'calico', folder, ...flags(values!)));
      expect(byIdentity(objectsIn(fleet(chart()).render(values!)))).toEqual(byIdentity(objectsIn(rendered)));
    });
  });
}

function flags(values: FleetValues): readonly string[] {
  return Object.entries(values).flatMap(([path, value]) => [typeof value === 'boolean' ? '--set' : '--set-string', `${path}=${value}`]);
}
