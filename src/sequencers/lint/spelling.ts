/** Number of insertions, deletions and replacements that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known word that a misspelled one most likely means; `undefined` when none is near. */
export function nearest(word: string, known: readonly string[], distance: number): string | undefined {
  const ranked = known.map((one) => ({ one, distance: editDistance(plain(word), plain(one)) })).sort((a, b) => a.distance - b.distance);
  return ranked[0] && ranked[0].distance <= distance ? ranked[0].one : undefined;
}

/** Case and separators aside: `Pre-Sync` means `PreSync`. */
export function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}
