import { isMap, isNode, isScalar, isSeq, type Document, type LineCounter } from 'yaml';

export type Path = readonly (string | number)[];

/** Finds the line of the deepest node on a path that exists in a document. */
export function linesOf(document: Document, lines: LineCounter): (path: Path) => number | undefined {
  let starts: ReadonlyMap<string, number> | undefined;
  return (path) => {
    starts ??= startsOf(document.contents);
    for (let depth = path.length; depth >= 0; depth--) {
      const start = starts.get(pathKey(path.slice(0, depth)));
      if (start !== undefined) return lines.linePos(start).line;
    }
    return undefined;
  };
}

/** Where each node begins, by the key of its path. Made once: looking up thousands of paths one by one would walk the same mapping thousands of times. */
function startsOf(contents: unknown): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  const walk = (node: unknown, path: Path): void => {
    if (!isNode(node)) return;
    if (node.range) starts.set(pathKey(path), node.range[0]);
    if (isSeq(node)) node.items.forEach((item, index) => walk(item, [...path, index]));
    if (isMap(node)) for (const { key, value } of node.items) walk(value ?? key, [...path, isScalar(key) ? String(key.value) : String(key)]);
  };
  walk(contents, []);
  return starts;
}

function pathKey(path: Path): string {
  return path.join('\0');
}

/** `spec.overlays.patches[0].kind`. */
export function formatPath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`)).join('');
}
