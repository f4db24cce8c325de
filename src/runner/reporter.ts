import type { Clock, Reporter } from '../steps/step.ts';

/**
 * One JSON line an event: `time`, `level`, `event`, `step`, `message`, then further fields.
 * A field `level` (`warn`, `error`) replaces the default `info`; no field replaces another fixed one.
 */
export function jsonReporter(step: string, clock: Clock, write: (line: string) => void): Reporter {
  return {
    event(event, message, { level = 'info', ...fields } = {}) {
      const fixed = { time: new Date(clock.now()).toISOString(), level, event, step, message };
      write(`${JSON.stringify({ ...fixed, ...fields, ...fixed })}\n`);
    },
  };
}
