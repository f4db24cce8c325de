import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { predictArgo } from '../../src/sequencers/argo/predict.ts';
import { predictHelm } from '../../src/sequencers/helm/predict.ts';
import { difference, manifests, type Recording } from './compare.ts';
import { DESTINATION, type RandomSet } from './random-set.ts';

/** An engine and the planner's picture of it. */
export interface Engine {
  readonly name: 'order-argo' | 'order-helm3' | 'order-helm4';
  /** What the engine's program reads. */
  input(set: RandomSet): unknown;
  /** Whether there is anything to judge: not where Helm could not install the release before. */
  reached(recorded: Recording): boolean;
  /** The first difference between prediction and recording. */
  judge(set: RandomSet, recorded: Recording): string | undefined;
}

const [revision, startedAt] = ['0123456789', 1_700_000_000];

const argo: Engine = {
  name: 'order-argo',
  input: (set) => ({ ...set, namespace: DESTINATION, revision, startedAt }),
  reached: () => true,
  judge: ({ objects, live, failing, ...options }, recorded) => {
    const prediction = predictArgo(manifests(objects), { ...options, namespace: DESTINATION, revision, startedAt, live: manifests(live), failing: ({ name }) => failing.includes(name) });
    const nameOf = ({ name, generateName }: { readonly name: string; readonly generateName: string }, at: unknown): string => name || `${generateName}${revision.slice(0, 7)}-${String(at && typeof at === 'object' && 'phase' in at ? at.phase : 'syncfail').toLowerCase()}-${startedAt}`;
    return difference(prediction, recorded, (at) => (typeof at === 'string' ? at : `${at.phase} ${at.wave}`), nameOf);
  },
};

/** Helm says nowhere which event it is at, and it does nothing that shows its waits. */
function helm(major: 3 | 4): Engine {
  return {
    name: `order-helm${major}`,
    input: ({ objects, live, failing }) => ({ objects, ...(live.length > 0 && { previous: live }), failing, namespace: DESTINATION }),
    reached: ({ message }) => message?.startsWith('previous release: ') !== true,
    judge: ({ objects, live, failing }, recorded) => {
      const { moments, ...rest } = predictHelm(manifests(objects), { major, namespace: DESTINATION, ...(live.length > 0 && { previous: manifests(live) }), failing: ({ name }) => failing.includes(name) });
      return difference({ ...rest, moments: moments.map((moment) => ({ ...moment, waitsFor: [] })) }, recorded, () => undefined);
    },
  };
}

export const engines: readonly Engine[] = [argo, helm(3), helm(4)];

/** Runs an engine's program over sets. */
export async function record(program: string, engine: Engine, sets: readonly RandomSet[]): Promise<readonly Recording[]> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(sets.map((set) => engine.input(set))));
  return JSON.parse(await text(child.stdout)) as readonly Recording[];
}
