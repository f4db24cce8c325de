import type { Outline } from '../outline.ts';
import { FONTS, HEADER, layoutOf, MARGIN, type Box, type CardBox, type Lane, type Layout, type Row } from './layout.ts';
import { pictureOf, type Picture } from './model.ts';
import { MONO, SANS, STYLE } from './style.ts';
import { escapeXml, widthOf, type Font } from './text.ts';

/** The upgrades of a file as one SVG that needs nothing else: no font, no script, no network. The same input gives the same bytes. */
export function svgOf(upgrades: readonly Outline[]): string {
  const drawn = upgrades.map((upgrade) => draw(pictureOf(upgrade)));
  const width = Math.max(0, ...drawn.map((one) => one.width));
  let y = 0;
  const parts = drawn.map((one) => {
    const part = `<g transform="translate(0 ${y})">\n${one.body}</g>\n`;
    y += one.height;
    return part;
  });
  const title = drawn.map((one) => one.title).join('; ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" font-family="${SANS}">
<title>${escapeXml(title)}</title>
<style>${STYLE}.mono{font-family:${MONO}}</style>
${parts.join('')}</svg>
`;
}

interface Drawn {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

function draw(picture: Picture): Drawn {
  const layout = layoutOf(picture);
  const { width, height, lanes, rescue } = layout;
  const paper = `<rect class="paper" x="1" y="1" width="${round(width - 2)}" height="${round(height - 2)}" rx="14"/>`;
  const head = [words(MARGIN, 40, picture.title, FONTS.title, 'ink'), words(MARGIN, 62, picture.subtitle, FONTS.subtitle, 'soft')];
  const parts = [paper, ...head, legend(width), ...lanes.map((lane, index) => drawLane(lane, { first: index === 0, last: index === lanes.length - 1 })), ...watchLine(lanes), ...(rescue ? [drawRescue(rescue, layout)] : [])];
  return { title: picture.title, width, height, body: parts.map((part) => `${part}\n`).join('') };
}

function legend(width: number): string {
  const entries = [
    { badge: 'hook', text: 'a Job on every sync' },
    { badge: 'once', text: 'a Job once per plan' },
    { badge: '', text: 'a guard in the workload' },
  ];
  const texts = entries.map(({ text }) => widthOf(text, FONTS.caption));
  let x = width - MARGIN;
  return entries
    .map(({ badge, text }, index) => ({ badge, text, width: texts[index] ?? 0 }))
    .reverse()
    .map((entry) => {
      const sign = entry.badge === '' ? 12 : 38;
      x -= entry.width + sign + 14;
      return `${entry.badge === '' ? shield(x, 47, 'soft') : pill(x, 46, entry.badge, 'soft')}${words(x + sign + 6, 58, entry.text, FONTS.caption, 'soft')}`;
    })
    .join('');
}

/** The phase as an arrow into the next one, and its lane below. */
function drawLane(lane: Lane, { first, last }: { readonly first: boolean; readonly last: boolean }): string {
  const { x, y, width, height, phase, caption, cards } = lane;
  const tip = 11;
  const [top, bottom, middle] = [HEADER.y, HEADER.y + HEADER.height, HEADER.y + HEADER.height / 2];
  const notch = first ? '' : `L${round(x + tip)} ${middle}`;
  const point = last ? '' : `L${round(x + width + tip)} ${middle}L${round(x + width)} ${bottom}`;
  const arrow = `<path class="${phase}" d="M${round(x)} ${top}H${round(x + width)}${point}V${bottom}H${round(x)}${notch}Z"/>`;
  const name = words(x + (first ? 12 : 22), middle + 5, phase, FONTS.phase, 'on');
  const back = `<rect class="lane" x="${round(x)}" y="${y}" width="${round(width)}" height="${round(height)}" rx="8"/>`;
  const lines = caption.map((line, row) => words(x + 10, y + 19 + row * 15, line, FONTS.caption, phase));
  return [arrow, name, back, ...lines, ...cards.map(drawCard)].join('\n');
}

function drawCard(box: CardBox): string {
  const { card, x, y, width, height, label, rows, gate } = box;
  const rect = (dx: number, name: string): string => `<rect class="${name}" x="${round(x + dx)}" y="${round(y + dx)}" width="${round(width)}" height="${round(height)}" rx="7"/>`;
  const accent = `<rect class="${card.phase}" x="${round(x)}" y="${round(y + 8)}" width="3" height="${round(height - 16)}" rx="1.5"/>`;
  const badge = card.tone === 'objects' ? [] : [pill(x + width - 46, y + 8, card.tone, card.phase)];
  return [
    ...(gate ? [drawGate(gate)] : []),
    ...(label === '' ? [] : [words(x + 1, y - 6, label, FONTS.wave, 'soft')]),
    ...(card.objects.length > 0 ? [rect(3, 'card')] : []),
    rect(0, 'card'),
    accent,
    ...badge,
    ...thread(rows, x + 17, card.phase),
    ...rows.map((row) => drawRow(row, x, card.phase)),
  ].join('\n');
}

function drawRow({ what, text, y }: Row, x: number, phase: string): string {
  if (what === 'title') return words(x + 12, y, text, FONTS.card, 'ink');
  if (what === 'step') return words(x + 28, y, text, FONTS.step, 'ink');
  if (what === 'guard') return `${shield(x + 11, y - 11, phase)}${words(x + 28, y, text, FONTS.step, 'ink')}`;
  return words(x + 12, y, text, FONTS.why, what === 'object' ? 'ink' : 'soft');
}

/** Steps run one after the other: dots on a line. */
function thread(rows: readonly Row[], x: number, phase: string): readonly string[] {
  const ys = rows.filter(({ what }) => what === 'step').map(({ y }) => round(y - 4));
  if (ys.length === 0) return [];
  const line = ys.length > 1 ? [`<path class="thread" stroke-width="2" d="M${round(x)} ${ys[0]}V${ys.at(-1)}"/>`] : [];
  return [...line, ...ys.map((y) => `<circle class="${phase}" cx="${round(x)}" cy="${y}" r="3.5"/>`)];
}

/** The gate stands before the job that waits at it. */
function drawGate({ x, y, width, height, lines }: NonNullable<CardBox['gate']>): string {
  const frame = `<rect class="card cleanup-line" stroke-width="1.5" stroke-dasharray="5 3" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(height / 2) > 12 ? 12 : round(height / 2)}"/>`;
  const texts = lines.map((line, index) =>
    index === lines.length - 1 ? words(x + 10, y + 19 + index * 15, line, { ...FONTS.step, bold: true }, 'cleanup') : words(x + 28, y + 19 + index * 15, line, FONTS.why, 'ink'),
  );
  return [frame, hand(x + 11, y + 9), ...texts].join('\n');
}

/** The watch beside the rollout. */
function watchLine(lanes: readonly Lane[]): readonly string[] {
  const watcher = lanes.find(({ phase }) => phase === 'verify')?.cards.find(({ card }) => card.tone === 'hook');
  const watched = lanes.find(({ phase }) => phase === 'upgrade')?.cards.find(({ card }) => card.wave === watcher?.card.wave);
  if (!watcher || !watched) return [];
  const y = round(watcher.y + 16);
  const [from, to] = [round(watched.x + watched.width + 5), round(watcher.x - 2)];
  return [`<path class="verify-line" stroke-width="2" stroke-dasharray="3 3" d="M${to} ${y}H${from}"/><path class="verify" d="M${from - 1} ${y}l7 -4.5v9z"/>`];
}

/** What happens when a hook fails: every lane leads down to the rescue band. */
function drawRescue(rescue: NonNullable<Layout['rescue']>, { lanes }: Layout): string {
  const { x, y, width, height, cards } = rescue;
  const line = y - 17;
  const drops = lanes.filter(({ cards: own }) => own.some(({ card }) => card.tone !== 'objects')).map((lane) => round(lane.x + lane.width / 2));
  const path = [`M${drops[0]} ${line}H${Math.max(...drops)}`, ...drops.map((drop) => `M${drop} ${line - 15}V${line}`), `M${drops[0]} ${line}V${y - 7}`].join('');
  const arrow = `<path class="rescue-line" stroke-width="1.5" stroke-dasharray="5 4" d="${path}"/><path class="rescue" d="M${drops[0]} ${y - 1}l-5 -8h10z"/>`;
  const band = `<rect class="lane" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="8"/>`;
  const texts = ['a hook that fails ends the sync:', 'nothing after it runs.', 'Fix it in Git, or revert the commit.'].map((text, index) => words(x + 14, y + 44 + index * 16, text, FONTS.caption, index < 2 ? 'ink' : 'soft'));
  return [arrow, band, words(x + 14, y + 24, 'rescue', FONTS.phase, 'rescue'), ...texts, ...cards.map(drawCard)].join('\n');
}

function pill(x: number, y: number, text: string, name: string): string {
  return `<rect class="${name === 'soft' ? 'thread' : `${name}-line`}" x="${round(x)}" y="${round(y)}" width="38" height="16" rx="8"/>${centred({ x, y, width: 38, height: 16 }, text, name)}`;
}

function centred({ x, y, width }: Box, text: string, name: string): string {
  return `<text class="${name}" x="${round(x + width / 2)}" y="${round(y + 11.5)}" font-size="${FONTS.badge.size}" font-weight="600" text-anchor="middle">${escapeXml(text)}</text>`;
}

function words(x: number, y: number, text: string, { size, bold, mono }: Font, name: string): string {
  return `<text class="${name}${mono ? ' mono' : ''}" x="${round(x)}" y="${round(y)}" font-size="${size}"${bold ? ' font-weight="600"' : ''}>${escapeXml(text)}</text>`;
}

function shield(x: number, y: number, phase: string): string {
  return `<path class="${phase}" d="M${round(x + 6)} ${round(y)}l6 2.2v4.3c0 3.4-2.4 5.6-6 7.2c-3.6-1.6-6-3.8-6-7.2v-4.3z"/>`;
}

/** Two bars: it pauses. */
function hand(x: number, y: number): string {
  return `<rect class="cleanup" x="${round(x)}" y="${round(y)}" width="4" height="12" rx="1"/><rect class="cleanup" x="${round(x + 7)}" y="${round(y)}" width="4" height="12" rx="1"/>`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
