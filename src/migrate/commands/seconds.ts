import type { Env } from '../config/environment.ts';
import { ConfigError } from '../config/problems.ts';

/** A whole number of seconds from the environment. @throws ConfigError for anything else */
export function seconds(env: Env, name: string, preset: number): number {
  const text = env[name] ?? '';
  if (text === '') return preset;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new ConfigError([{ where: name, message: 'is no whole number of seconds', fix: `write a number such as ${preset}, or leave it out` }]);
}
