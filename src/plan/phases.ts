/** The phases of every upgrade, in the order in which they run; `rescue` runs only after a failure. */
export const PHASES = ['preflight', 'prepare', 'upgrade', 'verify', 'cleanup', 'rescue'] as const;

export type Phase = (typeof PHASES)[number];

/** A `hook` runs on every full sync and is invisible to status and health; a `tracked` object is part of the application. */
export type Mode = 'hook' | 'tracked';

/** What a phase may hold. A combination that is absent here is an error. */
const MODES: Readonly<Record<Phase, readonly Mode[]>> = {
  preflight: ['hook'],
  prepare: ['hook'],
  upgrade: ['tracked'],
  verify: ['hook', 'tracked'],
  cleanup: ['hook'],
  rescue: ['hook'],
};

export function allowsMode(phase: Phase, mode: Mode): boolean {
  return MODES[phase].includes(mode);
}
