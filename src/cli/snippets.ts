import { stringify } from 'yaml';
import { snippet, SNIPPETS, type Snippet, type SnippetValues } from '../migrate/snippets.ts';
import { RUNNER_IMAGE } from '../version.ts';
import type { Io } from './io.ts';
import { YAML_STYLE } from '../yaml-style.ts';

export interface SnippetOptions extends Omit<SnippetValues, 'image'> {
  /** @default all */
  readonly which?: Snippet | undefined;
  /** @default the image of this release */
  readonly image?: string;
}

/** `hookwave snippets`: YAML documents, each with a comment that says where it goes. */
export function snippets({ which, image = RUNNER_IMAGE, ...values }: SnippetOptions, io: Io): void {
  for (const one of which ? [which] : SNIPPETS) {
    const { comment, objects } = snippet(one, { ...values, image });
    io.out(`# ${comment}\n${objects.map((object) => `---\n${stringify(object, { ...YAML_STYLE, aliasDuplicateObjects: false }).replace('defaultMode: 256', 'defaultMode: 0400')}`).join('')}`);
  }
}
