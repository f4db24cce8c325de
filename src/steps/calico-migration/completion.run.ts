import type { Migration, MigrationStatus } from '../../migrate/contract.ts';
import { mayPass } from '../../migrate/transient.ts';
import type { StepContext } from '../step.ts';

/** The completion beside a rollout: looks at the migration and completes it when everything has started. */
export interface Completion {
  readonly isDone: boolean;
  /** What no waiting mends. */
  readonly failure: string | undefined;
  /** How far it is, for people. */
  readonly message: string;
  /** Changes exactly when the migration moves. */
  readonly key: string;
  /** Longest time until the next look: etcd is not watched. */
  readonly lookAgainMs: number;
  /** @param whyNotStarted what is missing before the completion; `undefined` when nothing is */
  advance(whyNotStarted: string | undefined): Promise<void>;
}

const LOOK_MS = 2000;
const NO_ATTEMPT = 'none';
const FOR_EVER_MS = 2 ** 31 - 1;

/** On the way back there is nothing to complete: the abort came first. */
export function openCompletion(migration: Pick<Migration, 'status' | 'complete'>, direction: 'migrate' | 'abort', context: StepContext): Completion {
  let isDone = direction === 'abort';
  let failure: string | undefined;
  /** The aborted attempt that was there at the first look. */
  let leftover: string | undefined;
  let message = '';
  let key: string = direction;
  const look = async (whyNotStarted: string | undefined): Promise<void> => {
    const status = await migration.status();
    const { phase, attempt = '' } = status.state;
    // The one that an earlier rollout has left: the guards of this one begin another attempt.
    leftover ??= phase === 'aborted' ? attempt : NO_ATTEMPT;
    if (phase !== 'aborted') leftover = NO_ATTEMPT;
    key = phase;
    message = describe(status, whyNotStarted);
    if (phase === 'complete' || (phase === 'none' && !status.needed)) isDone = true;
    else if (phase === 'aborted' && attempt !== leftover) failure = 'the migration has been aborted while its rollout ran';
    else if (phase === 'migrated' && whyNotStarted === undefined) {
      await migration.complete({ signal: context.signal });
      context.report.event('completed', 'every calico-node has started: the v3 datastore is ready');
      [isDone, key, message] = [true, 'complete', 'the migration is complete'];
    }
  };
  return {
    get isDone() {
      return isDone;
    },
    get failure() {
      return failure;
    },
    get message() {
      return message;
    },
    get key() {
      return key;
    },
    get lookAgainMs() {
      return isDone ? FOR_EVER_MS : LOOK_MS;
    },
    async advance(whyNotStarted) {
      if (isDone || failure !== undefined) return;
      await look(whyNotStarted).catch((error: unknown) => {
        if (context.signal.aborted || !(error instanceof Error)) throw error;
        if (error.message !== message) context.report.event('etcd', error.message, { level: 'warn' });
        if (mayPass(error)) message = error.message;
        else failure = error.message;
      });
    },
  };
}

function describe({ state, needed }: MigrationStatus, whyNotStarted: string | undefined): string {
  if (state.phase === 'none') return needed ? 'the migration has not begun: no guard has started it' : 'there is nothing to migrate';
  if (state.phase === 'started') return state.owner === undefined ? 'the migration was begun, and nobody is at work on it' : `${state.owner} is migrating the data`;
  return `the migration is ${state.phase}${whyNotStarted === undefined ? '' : `, the completion waits: ${whyNotStarted}`}`;
}
