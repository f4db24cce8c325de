import { kinds } from '../../charts/index.ts';
import { documentSchema } from '../spec/json-schema.ts';
import type { Io } from './io.ts';

/** Prints the JSON Schema of spec files, for editors and for checks in CI. */
export function schema(io: Io): void {
  io.out(schemaText());
}

export function schemaText(): string {
  return `${JSON.stringify(documentSchema(kinds), null, 2)}\n`;
}
