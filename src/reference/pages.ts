import { svgOf } from '../plan/picture/svg.ts';
import { cliPage } from './cli-page.ts';
import { datastoreMigrationPage } from './datastore-migration-page.ts';
import { exitCodesPage } from './exit-codes-page.ts';
import { lintPages } from './lint-pages.ts';
import type { Page } from './page.ts';
import { specPages } from './spec-pages.ts';
import { stepsPage, type StepsInput } from './steps-page.ts';
import { versionsPage, type Pins } from './versions-page.ts';

export interface ReferenceInput extends StepsInput {
  /** Upgrades of the examples by the name of their folder; each becomes a picture. */
  readonly examples: ReadonlyMap<string, StepsInput['outlines']>;
  /** Versions of the real tier. */
  readonly pins: Pins;
}

/** Everything in the repository that is generated for readers: reference pages, JSON Schema, pictures. */
export function referencePages({ examples, pins, ...input }: ReferenceInput): readonly Page[] {
  const pictures = [...examples].map(([example, outlines]) => ({ path: `docs/pictures/${example}.svg`, text: svgOf(outlines) }));
  return [...specPages(), cliPage(), stepsPage(input), exitCodesPage(), versionsPage(pins), datastoreMigrationPage(), ...lintPages(), ...pictures];
}

/** Folders that hold nothing but generated pages: whatever else lies there is left over. */
export const GENERATED_ONLY = ['docs/reference/lint', 'docs/pictures', 'schema'];
