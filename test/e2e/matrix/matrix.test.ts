import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEMPORARY_SPEC } from '../../../src/calico/temporary-policy.ts';
import type { Json } from '../../cluster/cluster.ts';
import type { Call } from '../../cluster/faulty-proxy.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { type Disturbance, type MatrixCluster, startMatrixCluster } from './matrix-cluster.ts';
import type { Ending, RunnerProcess } from './runner-process.ts';
import { FOREIGN_ANNOTATIONS, FOREIGN_KEYS, SCENARIOS, type Scenario, throughV3 } from './scenarios.ts';
import type { Log, State } from './state.ts';
import { canStrike, hasJumped, isList, type Storm, STORMS, strikable } from './storms.ts';
import { FULL } from '../../full-matrix.ts';

const V3 = '/apis/projectcalico.org/v3';

describe.skipIf(!hasTestdata)(`steps of the runner at a real API server${testdataNote}`, () => {
  let matrix: MatrixCluster;
  beforeAll(async () => {
    matrix = await startMatrixCluster();
  });
  afterAll(() => matrix?.stop());

  type Undisturbed = Awaited<ReturnType<typeof runUndisturbed>>;
  const known = new Map<Scenario, Undisturbed>();

  /** The end of an undisturbed run: what every other run has to come to. */
  async function undisturbed(scenario: Scenario): Promise<Undisturbed> {
    const found = known.get(scenario) ?? (await runUndisturbed(scenario));
    known.set(scenario, found);
    return found;
  }

  async function runUndisturbed(scenario: Scenario) {
    const one = await matrix.open(scenario);
    const { code, output } = await one.run();
    const { calls } = matrix.proxy;
    const writes = calls.filter(({ mutation }) => mutation > 0).map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
    const end = await one.state();
    const again = await one.run();
    const endAgain = await one.state();
    await one.close();
    const asked: Scenario = { ...scenario, writes: writes.length, lists: calls.some(isList), watches: calls.some(({ watch }) => watch) };
    const log = { notes: scenario.writes > 0 ? [scenario.step] : [], takeOvers: 0, isHeld: false };
    expect({ code, writes: writes.length >= scenario.writes, has: strikable(asked), log: { ...end.log, steps: undefined, notes: Object.keys(end.log.steps) }, again: again.code, endAgain }, `${output}\n${again.output}\n${writes.join('\n')}`).toEqual({ code: scenario.exit ?? 0, writes: true, has: strikable(scenario), log, again: scenario.exit ?? 0, endAgain: end });
    return { writes, end, code };
  }

  describe('Pod security', () => {
    /** What the API server says to the Pods of all Jobs in a namespace of that level: each distinct answer once. */
    async function answers(level: string): Promise<readonly string[]> {
      const name = `level-${level}`;
      await matrix.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': level } } });
      await matrix.cluster.waitFor('its ServiceAccount', () => matrix.cluster.get('serviceaccount', 'default', name));
      const asked = [...matrix.podTemplates].map(async ([job, { metadata, spec }]) => {
        const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: job, namespace: name }, spec: { ...spec, serviceAccountName: 'default' } };
        const answer = await matrix.cluster.kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod)).catch((error: Error) => error.message);
        return /violates PodSecurity "[^"]+": (.*)/.exec(answer)?.[1] ?? (answer.includes('created') ? 'accepted' : answer);
      });
      return [...new Set(await Promise.all(asked))];
    }

    it('the host network is all that keeps the Pods of the hooks from the level restricted', async () => {
      expect(matrix.podTemplates.size).toBe(6);
      expect(await answers('restricted')).toEqual(['host namespaces (hostNetwork=true)']);
      expect(await answers('baseline')).toEqual(['host namespaces (hostNetwork=true)']);
      expect(await answers('privileged')).toEqual(['accepted']);
    });

    it('the namespace of the hooks has the one level that takes them, and no other label of Pod security', async () => {
      const { labels } = (await matrix.cluster.get('namespace', 'hookwave-calico')).metadata;
      expect(Object.entries(labels).filter(([key]) => key.startsWith('pod-security.'))).toEqual([['pod-security.kubernetes.io/enforce', 'privileged']]);
    });
  });

  const title = ({ step, name }: Scenario): string => `${step}: ${name}`;

  const inKills = (scenarios: readonly Scenario[]) => describe('killed with SIGKILL before and after every write', () => {
    it.each(scenarios.filter(({ writes }) => writes > 0).map((scenario) => [title(scenario), scenario] as const))('%s', async (_title, scenario) => {
      const expected = await undisturbed(scenario);
      const problems: string[] = [];
      for (const [index, write] of expected.writes.entries()) {
        for (const is of ['kill-before', 'kill-after'] as const) {
          const one = await matrix.open(scenario);
          const killed = await one.run({ fault: ({ mutation }) => (mutation === index + 1 ? { is } : undefined) });
          const left = await one.state();
          const next = await one.run();
          const difference = differences(withLog(expected.end, logAfter(next, matrix.proxy.calls, left.log, expected.end.log)), await one.state());
          await one.close();
          const what = `${is} ${index + 1} of ${expected.writes.length} (${write})`;
          if (killed.code !== undefined) problems.push(`${what}: not killed, ended with ${killed.code}`);
          if (next.code !== expected.code || difference.length > 0) problems.push(`${what}: then exit code ${next.code}\n${difference.join('\n')}\n${next.output}`);
        }
      }
      expect(problems).toEqual([]);
    }, 900_000);
  });

  const inStorms = (scenarios: readonly Scenario[], storms: readonly Storm[]) => describe.each(storms.filter((storm) => scenarios.some((scenario) => canStrike(storm, scenario))))('in a storm: $name', (storm) => {
    it.each(scenarios.filter((scenario) => canStrike(storm, scenario)).map((scenario) => [title(scenario), scenario] as const))('%s', async (_title, scenario) => {
      const expected = await undisturbed(scenario);
      const one = await matrix.open(scenario);
      const first = await one.run(storm);
      const struck = matrix.proxy.struck.length > 0 && hasJumped(storm, first.output);
      const left = await one.state();
      // What it could not note it says; a Lease that it could not release is the next one's to take.
      const noted = first.code === expected.code && !first.output.includes('"event":"record-failed"') ? expected.end.log.steps : left.log.steps;
      const middle = differences(withLog(expected.end, { steps: noted, takeOvers: 0, isHeld: left.log.isHeld }), left);
      const next = await one.run();
      const end = differences(withLog(expected.end, logAfter(next, matrix.proxy.calls, left.log, expected.end.log)), await one.state());
      await one.close();
      const allowed = [expected.code, ...(storm.codes ?? [])];
      expect({ struck, code: allowed.includes(first.code ?? -1), middle: first.code === expected.code ? middle : [], next: next.code, end }, `${first.code}\n${first.output}\n${next.output}`).toEqual({ struck: true, code: true, middle: [], next: expected.code, end: [] });
    }, 120_000);
  });

  const storms = STORMS.filter(({ short }) => FULL || short);

  describe('through the storage, crd.projectcalico.org/v1', () => {
    const scenarios = SCENARIOS.filter(({ short }) => FULL || short);
    inKills(scenarios);
    inStorms(scenarios, storms);
  });

  describe('a watch of the rollout that is denied in its middle', () => {
    const { play: _nobody, ...watching } = scenarioOf(SCENARIOS, 'calico-rollout-watch');
    // Without the endpoint that appears: it only watches.
    const scenario: Scenario = { ...watching, state: (plan) => watching.state(plan).filter(({ kind }) => kind !== 'HostEndpoint') };

    async function denied(then: (runner: RunnerProcess) => void) {
      const one = await matrix.open(scenario);
      const fault: Disturbance['fault'] = ({ watch, before }, runner) => {
        if (!watch) return undefined;
        if (before === 0) return { is: 'drop-watch', afterMs: 500 };
        then(runner);
        return { is: 'answer', status: 403, reason: 'Forbidden' };
      };
      const { code, output } = await one.run({ fault });
      const { objects } = await one.state();
      await one.close();
      return { code, output, strategy: JSON.parse(objects['DaemonSet calico-node'] ?? '{}').spec?.updateStrategy.type };
    }

    it('stops nothing where its Pod is deleted in the seconds after: Helm replaces the rights before the Job', async () => {
      // Time enough for a freeze that does not wait.
      const { output, strategy } = await denied((runner) => setTimeout(() => runner.terminate(), 3000));
      expect(matrix.proxy.struck.filter(({ watch, before }) => watch && before > 0), output).not.toEqual([]);
      expect(strategy, output).toBe('RollingUpdate');
    });

    // Half a minute, and it asks for a quarter of one whether it is an API server that has just started.
    if (FULL) {
      it('freezes where its Pod stays, since nobody watches any more', async () => {
        const { code, output, strategy } = await denied(() => undefined);
        expect({ code, strategy }, output).toEqual({ code: 30, strategy: 'OnDelete' });
      }, 120_000);
    }
  });

  describe('APIService v3.projectcalico.org without an answer', () => {
    beforeAll(() => matrix.serve('unavailable'));

    it('the storage behind it is used', async () => {
      const one = await matrix.open(scenarioOf(SCENARIOS, 'calico-protect'));
      const { code, output } = await one.run();
      const written = calicoWrites();
      await one.close();
      expect({ code, written }, output).toEqual({
        code: 0,
        written: ['POST /apis/crd.projectcalico.org/v1/globalnetworkpolicies', 'PATCH /apis/crd.projectcalico.org/v1/hostendpoints/one', 'PATCH /apis/crd.projectcalico.org/v1/hostendpoints/two'],
      });
    });
  });

  describe.each(['aggregated', 'native'] as const)('through projectcalico.org/v3, %s', (served) => {
    beforeAll(() => matrix.serve(served));
    const scenarios = throughV3(served);

    it('protects: policy and labels as v3 has them, the rest of the objects as it was', async () => {
      const one = await matrix.open(scenarioOf(scenarios, 'calico-protect'));
      const before = await v3Objects('hostendpoints');
      const { code, output } = await one.run();
      const written = calicoWrites();
      const [endpoints, policies] = [await v3Objects('hostendpoints'), await v3Objects('globalnetworkpolicies')];
      await one.close();

      expect({ code, written }, output).toEqual({ code: 0, written: [`POST ${V3}/globalnetworkpolicies`, `PATCH ${V3}/hostendpoints/one`, `PATCH ${V3}/hostendpoints/two`] });
      expect(policies).toEqual([{ name: 'allow-all-upgrade', labels: undefined, annotations: { 'hookwave.dev/upgrade': 'calico' }, spec: { ...TEMPORARY_SPEC, tier: 'default' } }]);
      expect(endpoints).toEqual(before.map((endpoint) => (['one', 'two'].includes(endpoint.name) ? { ...endpoint, labels: { team: 'edge', 'host-endpoint-upgrade': '' } } : endpoint)));
      expect(before).toHaveLength(4);
      for (const { annotations, spec } of endpoints) expect({ annotations, spec }).toMatchObject({ annotations: FOREIGN_ANNOTATIONS, spec: FOREIGN_KEYS });
    });

    it('takes policy and labels away, and leaves the rest of the objects as it was', async () => {
      const one = await matrix.open(scenarioOf(scenarios, 'calico-unprotect'));
      const before = await v3Objects('hostendpoints');
      const { code, output } = await one.run();
      const written = calicoWrites();
      const [endpoints, policies] = [await v3Objects('hostendpoints'), await v3Objects('globalnetworkpolicies')];
      await one.close();

      expect({ code, written }, output).toEqual({ code: 0, written: [`PATCH ${V3}/hostendpoints/one`, `PATCH ${V3}/hostendpoints/two`, `DELETE ${V3}/globalnetworkpolicies/allow-all-upgrade`] });
      expect(policies.map(({ name }) => name)).toEqual(['default.edge']);
      expect(before.filter(({ labels }) => Object.hasOwn(labels ?? {}, 'host-endpoint-upgrade')).map(({ name }) => name)).toEqual(['one', 'two']);
      expect(endpoints).toEqual(before.map((endpoint) => (['one', 'two'].includes(endpoint.name) ? { ...endpoint, labels: { team: 'edge' } } : endpoint)));
    });

    if (FULL || served === 'native') inStorms(scenarios, FULL ? STORMS : STORMS.filter(({ name }) => name === 'the answer of every first write lost'));
    if (FULL) inKills(scenarios);
  });

  function calicoWrites(): readonly string[] {
    return matrix.proxy.calls.filter(({ mutation, path }) => mutation > 0 && path.includes('projectcalico.org')).map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
  }

  async function v3Objects(plural: string): Promise<readonly StoredObject[]> {
    const all = await matrix.api.items(`${V3}/${plural}`);
    return all.map(({ metadata: { name, labels, annotations }, spec }) => ({ name, labels, annotations, spec }));
  }
});

type StoredObject = Readonly<Record<'name' | 'labels' | 'annotations' | 'spec', Json>>;

function scenarioOf(scenarios: readonly Scenario[], step: string): Scenario {
  const found = scenarios.find((scenario) => scenario.step === step);
  if (!found) throw new Error(`no scenario of ${step}`);
  return found;
}

const withLog = ({ objects }: State, log: Log): State => ({ objects, log });

/**
 * The log after a run that nothing has disturbed: it notes the outcome of an undisturbed run, or nothing where all was done before it; it takes the Lease of a
 * killed one over, counts that and lets it go, or takes none. No note of before is lost.
 */
function logAfter({ output }: Ending, calls: readonly Call[], before: Log, undisturbed: Log): Log {
  const notes = /"event":"step-(done|failed|blocked)"/.test(output);
  const takes = calls.some(({ mutation, path }) => mutation > 0 && path.includes('/leases'));
  return { steps: notes ? undisturbed.steps : before.steps, takeOvers: before.takeOvers + (takes && before.isHeld ? 1 : 0), isHeld: before.isHeld && !takes };
}

function differences(expected: State, found: State): readonly string[] {
  const entries = ({ objects, log }: State): Readonly<Record<string, string>> => ({ ...objects, 'log of the runs': JSON.stringify(log) });
  const [wanted, had] = [entries(expected), entries(found)];
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(had)])];
  return names.filter((name) => wanted[name] !== had[name]).map((name) => `${name}:\n- ${wanted[name] ?? 'absent'}\n+ ${had[name] ?? 'absent'}`);
}
