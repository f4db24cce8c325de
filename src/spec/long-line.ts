/** Characters. etcd takes no request above 1.5 MiB (its `--max-request-bytes`), so no object can hold a value that is longer. */
export const LONGEST_LINE = 1.5 * 1024 * 1024;

/** The first line that no Kubernetes object can hold; found before parsers spend seconds on it. `undefined` when there is none. */
export function longLine(text: string): { readonly line: number; readonly message: string } | undefined {
  for (let line = 1, start = 0; start < text.length; line++) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (end - start > LONGEST_LINE) return { line, message: `has a line of ${(end - start).toLocaleString('en')} characters, and no Kubernetes object can hold more than 1.5 MiB` };
    start = end + 1;
  }
  return undefined;
}
