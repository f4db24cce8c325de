import { isMap, isScalar, isSeq, LineCounter } from 'yaml';
import { parseManifestDocument } from '../../spec/manifest-text.ts';
import type { Manifest, Path } from '../manifests/manifest.ts';

/** 1-based line of a field in its file: of the deepest part of the path that is there. */
export function lineOf({ text, line, within }: Manifest, path: Path): number {
  if (path.length === 0 && within.length === 0) return line;
  const key = path.at(-1);
  const only = within.length === 0 && typeof key === 'string' ? onlyLine(text, key) : undefined;
  return line + (only ?? lineInTree(text, [...within, ...path]));
}

/** 0-based line of a key that stands once in the text. */
function onlyLine(text: string, key: string): number | undefined {
  const found = [...text.matchAll(new RegExp(`^[ -]*["']?${key.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)}["']?:`, 'gm'))];
  return found.length === 1 && found[0] ? text.slice(0, found[0].index).split('\n').length - 1 : undefined;
}

function lineInTree(text: string, path: Path): number {
  if (lastTree?.text !== text) lastTree = treeOf(text);
  let node: unknown = lastTree.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      break;
    }
  }
  return lastTree.lines.linePos(offset).line - 1;
}

/** Findings come object by object, and the items of a List share one text. */
let lastTree: ReturnType<typeof treeOf> | undefined;

function treeOf(text: string): { readonly text: string; readonly contents: unknown; readonly lines: LineCounter } {
  const lines = new LineCounter();
  return { text, contents: parseManifestDocument(text, lines).contents, lines };
}

function startOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
}

/** `spec.containers[0]["a/b"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[A-Za-z][A-Za-z0-9_-]*$/.test(step) ? `${index > 0 ? '.' : ''}${step}` : `["${step}"]`;
    })
    .join('');
}
