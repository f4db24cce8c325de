/** What breaks between the runner and the API server while a step runs. */
import type { Call, Fault } from '../../cluster/faulty-proxy.ts';
import type { Disturbance } from './matrix-cluster.ts';
import type { Scenario } from './scenarios.ts';

export interface Storm extends Disturbance {
  readonly name: string;
  /** Also in the short run. */
  readonly short?: boolean;
  /** What the run in the storm may end with, beside what it ends with undisturbed. */
  readonly codes?: readonly number[];
  /** What it needs to strike. A scenario without is no case of this storm. */
  readonly strikes: keyof typeof HAS;
}

/** What an undisturbed run of a scenario asks, as far as storms need it; each scenario is held to what it says of itself. */
const HAS = {
  requests: () => true,
  lists: ({ lists = true }) => lists,
  watches: ({ watches = false }) => watches,
  writes: ({ writes }) => writes > 0,
  'a second write': ({ writes }) => writes > 1,
  'writes or watches': ({ writes, watches = false }) => writes > 0 || watches,
} as const satisfies Readonly<Record<string, (scenario: Scenario) => boolean>>;

const conflict: Fault = { is: 'answer', status: 409, reason: 'Conflict' };
export const isList = ({ method, path, watch }: Call): boolean => method === 'GET' && !watch && path.includes('limit=');

/** The retries of the runner ride these out, except where `codes` says otherwise: 20 is transient, the Job repeats it. */
export const STORMS: readonly Storm[] = [
  { name: '409 for the first try of every write', strikes: 'writes', short: true, codes: [20], fault: ({ mutation, before }) => (mutation > 0 && before === 0 ? conflict : undefined) },
  { name: '410 for the first try of every list', strikes: 'lists', fault: (call) => (isList(call) && call.before === 0 ? { is: 'answer', status: 410, reason: 'Expired' } : undefined) },
  { name: '429 with Retry-After for the first try of every write', strikes: 'writes', fault: ({ mutation, before }) => (mutation > 0 && before === 0 ? { is: 'answer', status: 429, reason: 'TooManyRequests', headers: { 'retry-after': '1' } } : undefined) },
  { name: '500 for the first two tries of every request', strikes: 'requests', fault: ({ before }) => (before < 2 ? { is: 'answer', status: 500, reason: 'InternalError' } : undefined) },
  { name: 'a reset for the first two tries of every request', strikes: 'requests', fault: ({ before }) => (before < 2 ? { is: 'reset' } : undefined) },
  { name: 'the answer of every first write lost', strikes: 'writes', short: true, fault: ({ mutation, before }) => (mutation > 0 && before === 0 ? { is: 'lost-answer' } : undefined) },
  { name: 'every watch 410 first, then dropped again and again', strikes: 'watches', fault: ({ watch, before }) => (!watch ? undefined : before === 0 ? { is: 'watch-error', code: 410, reason: 'Expired' } : { is: 'drop-watch', afterMs: 200 }) },
  { name: 'the clock an hour ahead in the middle', strikes: 'writes or watches', clockJump: 3_600_000, fault: jumpOnce },
  { name: 'the clock an hour back in the middle', strikes: 'writes or watches', clockJump: -3_600_000, fault: jumpOnce },
  { name: 'nothing but 500 until the deadline', strikes: 'requests', short: true, codes: [20], flags: { 'deadline-seconds': '2' }, fault: () => ({ is: 'answer', status: 500, reason: 'InternalError' }) },
  { name: 'resets from the second write on until the deadline', strikes: 'a second write', codes: [20], flags: { 'deadline-seconds': '8' }, fault: ({ mutation }) => (mutation > 1 ? { is: 'reset' } : undefined) },
];

/** When the first write and each watch begins. */
function jumpOnce({ mutation, watch }: Call, runner: Parameters<NonNullable<Disturbance['fault']>>[1]): Fault | undefined {
  return mutation === 1 || watch ? { is: 'call', act: () => runner.jump() } : undefined;
}

/** Whether the runner's own `Date` has moved as far as the storm says; true for a storm that moves none. */
export function hasJumped({ clockJump }: Storm, output: string): boolean {
  if (clockJump === undefined) return true;
  const seconds = clockJump / 1000;
  return output.includes(`Date has moved by ${seconds} and ${seconds} s`);
}

export function canStrike({ strikes }: Storm, scenario: Scenario): boolean {
  return HAS[strikes](scenario);
}

/** What storms need, as far as the scenario has it. */
export function strikable(scenario: Scenario): readonly string[] {
  return Object.entries(HAS).filter(([, is]) => is(scenario)).map(([name]) => name);
}
