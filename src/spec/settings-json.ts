import * as z from 'zod';
import { InvalidInput } from './problem.ts';
import type { Setting } from './settings.ts';

/** Argo CD's encoding (argo-cd v3.2, ApplicationSourcePluginParameters): `null` where the Application sets none. */
const schema = z
  .array(
    z.object({
      name: z.string(),
      string: z.string().nullish().transform((value) => value ?? undefined),
      array: z.array(z.string()).nullish().transform((value) => value ?? undefined),
      map: z.record(z.string(), z.string()).nullish().transform((value) => value ?? undefined),
    }),
  )
  .nullable();

/** @throws InvalidInput for anything but Argo CD's JSON of plugin parameters; `undefined` and empty text are no parameters */
export function parseSettings(json: string | undefined): readonly Setting[] {
  if (!json) return [];
  const parsed = schema.safeParse(read(json));
  if (parsed.success) return parsed.data ?? [];
  throw new InvalidInput(parsed.error.issues.map(({ path, message }) => ({ file: 'ARGOCD_APP_PARAMETERS', path: path.join('.'), message, fix: FIX })));
}

const FIX = 'pass a JSON list of {name, string | array | map}, as Argo CD does';

function read(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new InvalidInput([{ file: 'ARGOCD_APP_PARAMETERS', path: '', message: 'is not JSON', fix: FIX }]);
  }
}
