import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call, Fault } from '../../cluster/faulty-proxy.ts';
import { hasTestdata, testdataNote } from '../../cluster/paths.ts';
import { type MatrixCluster, type Disturbance, startMatrixCluster } from './matrix-cluster.ts';
import { LEASE_HOLDER } from './state.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** Everything with HOOKWAVE_MATRIX=full (`npm run test:matrix`); else a fixed part that takes a minute or two. */
const FULL = process.env['HOOKWAVE_MATRIX'] === 'full';

interface Storm extends Disturbance {
  readonly name: string;
  /** Also in the short run. */
  readonly short?: boolean;
  /** What the run in the storm may end with, beside what it ends with undisturbed. */
  readonly codes?: readonly number[];
}

const conflict: Fault = { is: 'answer', status: 409, reason: 'Conflict' };
const isList = ({ method, path, watch }: Call): boolean => method === 'GET' && !watch && path.includes('limit=');

/** The retries of the runner ride these out, except where `codes` says otherwise: 20 is transient, the Job repeats it. */
const STORMS: readonly Storm[] = [
  { name: '409 for the first try of every write', short: true, codes: [20], fault: ({ mutation, before }) => (mutation > 0 && before === 0 ? conflict : undefined) },
  { name: '410 for the first try of every list', fault: (call) => (isList(call) && call.before === 0 ? { is: 'answer', status: 410, reason: 'Expired' } : undefined) },
  { name: '429 with Retry-After for the first try of every write', fault: ({ mutation, before }) => (mutation > 0 && before === 0 ? { is: 'answer', status: 429, reason: 'TooManyRequests', headers: { 'retry-after': '1' } } : undefined) },
  { name: '500 for the first two tries of every request', fault: ({ before }) => (before < 2 ? { is: 'answer', status: 500, reason: 'InternalError' } : undefined) },
  { name: 'a reset for the first two tries of every request', fault: ({ before }) => (before < 2 ? { is: 'reset' } : undefined) },
  { name: 'the answer of every first write lost', short: true, fault: ({ mutation, before }) => (mutation > 0 && before === 0 ? { is: 'lost-answer' } : undefined) },
  { name: 'every watch 410 first, then dropped again and again', fault: ({ watch, before }) => (!watch ? undefined : before === 0 ? { is: 'watch-error', code: 410, reason: 'Expired' } : { is: 'drop-watch', afterMs: 200 }) },
  { name: 'the clock an hour ahead in the middle', clockJump: 3_600_000, fault: jumpOnce },
  { name: 'the clock an hour back in the middle', clockJump: -3_600_000, fault: jumpOnce },
  { name: 'nothing but 500 until the deadline', short: true, codes: [20], flags: { 'deadline-seconds': '2' }, fault: () => ({ is: 'answer', status: 500, reason: 'InternalError' }) },
  { name: 'resets from the second write on until the deadline', codes: [20], flags: { 'deadline-seconds': '3' }, fault: ({ mutation }) => (mutation > 1 ? { is: 'reset' } : undefined) },
];

/** When the first write and each watch begins. */
function jumpOnce({ mutation, watch }: Call, runner: Parameters<NonNullable<Disturbance['fault']>>[1]): undefined {
  if (mutation === 1 || watch) runner.jump();
}

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
    const writes = matrix.proxy.calls.filter(({ mutation }) => mutation > 0).map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
    const end = await one.state();
    const again = await one.run();
    const endAgain = await one.state();
    await one.close();
    expect({ code, writes: writes.length >= scenario.writes, again: again.code, endAgain }, `${output}\n${again.output}\n${writes.join('\n')}`).toEqual({ code: scenario.exit ?? 0, writes: true, again: scenario.exit ?? 0, endAgain: end });
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

  const scenarios = SCENARIOS.filter(({ short }) => FULL || short);
  const title = ({ step, name }: Scenario): string => `${step}: ${name}`;

  describe('killed with SIGKILL before and after every write', () => {
    it.each(scenarios.map((scenario) => [title(scenario), scenario] as const))('%s', async (_title, scenario) => {
      const expected = await undisturbed(scenario);
      const problems: string[] = [];
      for (const [index, write] of expected.writes.entries()) {
        for (const is of ['kill-before', 'kill-after'] as const) {
          const one = await matrix.open(scenario);
          const killed = await one.run({ fault: ({ mutation }) => (mutation === index + 1 ? { is } : undefined) });
          const next = await one.run();
          const difference = differences(expected.end, await one.state()).filter(isNoHolder);
          await one.close();
          const what = `${is} ${index + 1} of ${expected.writes.length} (${write})`;
          if (killed.code !== undefined) problems.push(`${what}: not killed, ended with ${killed.code}`);
          if (next.code !== expected.code || difference.length > 0) problems.push(`${what}: then exit code ${next.code}\n${difference.join('\n')}\n${next.output}`);
        }
      }
      expect(problems).toEqual([]);
    }, 900_000);
  });

  describe.each(STORMS.filter(({ short }) => FULL || short))('in a storm: $name', ({ codes, ...storm }) => {
    it.each(scenarios.map((scenario) => [title(scenario), scenario] as const))('%s', async (_title, scenario) => {
      const expected = await undisturbed(scenario);
      const one = await matrix.open(scenario);
      const first = await one.run(storm);
      const middle = differences(expected.end, await one.state()).filter(isNoHolder);
      const next = await one.run();
      const end = differences(expected.end, await one.state()).filter(isNoHolder);
      await one.close();
      const allowed = [expected.code, ...(codes ?? [])];
      expect({ code: allowed.includes(first.code ?? -1), middle: first.code === expected.code ? middle : [], next: next.code, end }, `${first.code}\n${first.output}\n${next.output}`).toEqual({ code: true, middle: [], next: expected.code, end: [] });
    }, 120_000);
  });
});

/** The Lease of a Pod that is gone is free: who comes next takes it at once, and who has nothing to change leaves it. */
function isNoHolder(difference: string): boolean {
  return !difference.startsWith(`${LEASE_HOLDER}:`);
}

function differences(expected: Readonly<Record<string, string>>, found: Readonly<Record<string, string>>): readonly string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  return names.filter((name) => expected[name] !== found[name]).map((name) => `${name}:\n- ${expected[name] ?? 'absent'}\n+ ${found[name] ?? 'absent'}`);
}
