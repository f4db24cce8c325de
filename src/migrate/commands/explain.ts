import { ConfigError } from '../config/problems.ts';

/** What went wrong, a bullet each. */
export function explain(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems.map(({ where, message, fix }) => `Error accessing the Calico API: ${where}: ${message} (fix: ${fix})`);
  return [error instanceof Error ? error.message : String(error)];
}

/** For `--output json`. */
export function errorObject(error: unknown): object {
  if (error instanceof ConfigError) return { reason: 'config', problems: error.problems };
  const reason = typeof error === 'object' && error !== null && 'reason' in error ? error.reason : undefined;
  return { ...(reason !== undefined && { reason }), message: error instanceof Error ? error.message : String(error) };
}
