import type { Document } from 'yaml';
import type { Problem } from './problem.ts';
import type { Setting } from './settings.ts';

/** How one spec of a file is taken, and what is set on it from outside. */
export interface Choice {
  /** `metadata.name` of the spec. May be left out where the file holds one spec. */
  readonly name?: string | undefined;
  readonly settings: readonly Setting[];
}

interface Chosen {
  readonly documents: readonly Document[];
  readonly problems: readonly Problem[];
}

/** The documents with the chosen name; the only one where none is chosen. Other documents are not judged: they belong to other Applications. */
export function chooseDocument(file: string, documents: readonly Document[], { name }: Choice): Chosen {
  const names = documents.map((document) => String(document.getIn(['metadata', 'name']) ?? '(no name)'));
  if (name === undefined) {
    if (documents.length < 2) return { documents, problems: [] };
    const fix = 'set parameter `spec` to one of the names, or give each spec a folder of its own';
    return refuse({ file, path: '', message: `holds ${names.length} specs (${names.join(', ')}), and an Application takes one`, fix });
  }
  const chosen = documents.filter((_, index) => names[index] === name);
  if (chosen.length > 0) return { documents: chosen, problems: [] };
  return refuse({ file: 'parameter', path: 'spec', message: `is "${name}", and ${file} holds no such spec`, fix: `use ${names.length > 1 ? 'one of ' : ''}${names.join(', ')}` });
}

function refuse(problem: Problem): Chosen {
  return { documents: [], problems: [problem] };
}
