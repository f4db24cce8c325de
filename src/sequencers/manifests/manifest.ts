import type { ArgoReading, HelmReading } from './reading.ts';
import type { JsonObject } from './json.ts';

/** A path inside an object; for an item of a List it begins at the item. */
export type Path = readonly (string | number)[];

/** One object of the stream with what the tools read from its annotations. */
export interface Manifest {
  /** As the user named it; `stdin` for the standard input. */
  readonly file: string;
  /** 1-based line of its document. */
  readonly line: number;
  /** Its document, of which it is a part when `within` is not empty. */
  readonly text: string;
  /** Where it stands in its document: empty, or `items, n` in a List. */
  readonly within: Path;
  /** Kind of its document: its own, or that of the List. */
  readonly documentKind: string;
  readonly apiVersion: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Empty for the destination's namespace and for cluster-scoped objects. */
  readonly namespace: string;
  /** Empty when it has only a `generateName`. */
  readonly name: string;
  readonly generateName: string;
  /** Those whose value is a string. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Keys of the other annotations. */
  readonly notStrings: readonly string[];
  /** The whole object; read again from the text when it is asked for, unless an annotation made it worth keeping; the two documents that were read last are remembered. */
  readonly object: JsonObject;
  readonly argo: ArgoReading;
  /** Helm reads annotations of documents: those of a List count for all its items, those of an item for nothing. */
  readonly helm: HelmReading;
}

/** Something in the stream that is no object. */
export interface DocumentProblem {
  readonly code: 'yaml-error' | 'yaml-duplicate-key' | 'incomplete-object';
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Whether a word stands in the object's document, which may be a List: a cheap question before the object is read. */
export function mentions({ text, within }: Manifest, word: string): boolean {
  if (within.length === 0) return text.includes(word);
  if (lastList.text !== text) lastList = { text, words: new Map() };
  const known = lastList.words.get(word) ?? text.includes(word);
  lastList.words.set(word, known);
  return known;
}

/** Without it a List would be searched once for each of its items. */
let lastList: { readonly text: string; readonly words: Map<string, boolean> } = { text: '', words: new Map() };

/** `Job kube-system/migrate`. */
export function describeManifest({ kind, namespace, name, generateName }: Manifest): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name || `${generateName}*`}`;
}

export function isJob({ kind, group }: Manifest): boolean {
  return kind === 'Job' && group === 'batch';
}

/** Kinds that run once and end: applying them again unchanged does not run them again. */
export function runsToCompletion(manifest: Manifest): boolean {
  return isJob(manifest) || (manifest.kind === 'Pod' && manifest.group === '') || (manifest.kind === 'Workflow' && manifest.group === 'argoproj.io');
}
