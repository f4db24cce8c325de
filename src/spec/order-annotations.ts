import { readManifestDocument, type ManifestDocument } from './manifest-text.ts';

/** The last part of the annotations with which Argo CD and Helm are told what is a hook and when an object is applied. */
const ORDER = /\/(?:hook|hook-[a-z-]+|sync-wave)$/;
const IN_TEXT = /\/(?:hook|hook-[a-z-]+|sync-wave)["']?\s*:/;

/** Keys that order the upgrade, which is hookwave's work alone. An entry that is `null` takes one away and is not among them. */
export function orderKeys(annotations: unknown): readonly string[] {
  if (typeof annotations !== 'object' || annotations === null) return [];
  return Object.entries(annotations).flatMap(([key, value]) => (ORDER.test(key) && value !== null ? [key] : []));
}

/** Whether the text of an object may have such a key; saves parsing the many that don't. */
export function mayOrder(text: string): boolean {
  return IN_TEXT.test(text);
}

/** What is wrong with an object of a vendor's manifest that brings an order of its own. @param fix what to do about a key; the manifest itself is always a way */
export function orderProblems({ kind, name, line }: ManifestDocument, object: unknown, fix?: (key: string) => string): readonly { readonly message: string; readonly fix: string }[] {
  const { annotations } = (object as { readonly metadata?: { readonly annotations?: unknown } } | null)?.metadata ?? {};
  return orderKeys(annotations).map((key) => ({
    message: `has ${kind} ${name} at line ${line} with annotation ${key}, and the order of the upgrade is hookwave's work`,
    fix: `${fix ? `${fix(key)}, or ` : ''}store a manifest without it`,
  }));
}

/** The same for all objects of a manifest as it is. */
export function orderProblemsIn(documents: readonly ManifestDocument[]): readonly { readonly message: string; readonly fix: string }[] {
  return documents.filter(({ text }) => mayOrder(text)).flatMap((document) => orderProblems(document, readManifestDocument(document.text)));
}
