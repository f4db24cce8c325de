/** Width of text without a font at hand: generous means, so that no common sans-serif font overflows. */

const NARROW = /[iljtfrI.,:;'`|!()[\]\s*-]/;
const WIDE = /[mwMW@%→×]/;
const CAPITAL = /[A-Z0-9_]/;

export interface Font {
  /** In pixels. */
  readonly size: number;
  readonly mono?: boolean;
  readonly bold?: boolean;
}

/** In pixels, an estimate from above. */
export function widthOf(text: string, { size, mono, bold }: Font): number {
  if (mono) return text.length * size * 0.605;
  const em = [...text].reduce((sum, char) => sum + (NARROW.test(char) ? 0.37 : WIDE.test(char) ? 0.95 : CAPITAL.test(char) ? 0.68 : 0.6), 0);
  return em * size * (bold ? 1.09 : 1);
}

/** Breaks a text at its spaces; a word that is wider than the line stands alone. */
export function wrap(text: string, width: number, font: Font): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`, font) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
