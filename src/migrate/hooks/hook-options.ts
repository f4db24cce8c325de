import { parseArguments, type MigrateOptions } from '../commands/arguments.ts';
import { seconds } from '../commands/seconds.ts';
import type { Env } from '../config/environment.ts';
import { ConfigError } from '../config/problems.ts';

export interface HookOptions {
  readonly migrate: MigrateOptions;
  /** How long somebody else may take, seconds. */
  readonly deadlineSeconds: number;
  /** How long a datastore or API server may be out of reach, seconds. */
  readonly retrySeconds: number;
}

/** What upstream's scripts put before and after the command, split at blanks, and own limits. @throws ConfigError */
export function hookOptions(env: Env): HookOptions {
  const words = (name: string): readonly string[] => (env[name] ?? '').split(/\s+/).filter((word) => word !== '');
  const parsed = parseArguments([...words('UPGRADE_OPTIONS'), 'start', ...words('UPGRADE_ARGS')]);
  if (parsed.is !== 'command') {
    const message = parsed.is === 'wrong' ? parsed.text : `asks for ${parsed.is} instead of a migration`;
    throw new ConfigError([{ where: 'UPGRADE_OPTIONS, UPGRADE_ARGS', message, fix: 'use --log-level in the first and --apiconfigv1, --apiconfigv3, --ignore-v3-data in the second' }]);
  }
  return {
    migrate: { ...parsed.options, noPrompts: true, output: 'text' },
    deadlineSeconds: seconds(env, 'HOOKWAVE_DEADLINE_SECONDS', 3600),
    retrySeconds: seconds(env, 'HOOKWAVE_RETRY_SECONDS', 60),
  };
}
