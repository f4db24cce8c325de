import type { Phase } from '../phases.ts';
import type { Card, Column, Picture } from './model.ts';
import { widthOf, wrap, type Font } from './text.ts';

export const FONTS = {
  title: { size: 22, bold: true },
  subtitle: { size: 13 },
  phase: { size: 14, bold: true },
  caption: { size: 11.5 },
  wave: { size: 10.5 },
  card: { size: 13, bold: true },
  badge: { size: 10, bold: true },
  why: { size: 11.5 },
  step: { size: 11.5, mono: true },
} as const satisfies Readonly<Record<string, Font>>;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One line of a card, at its baseline. */
export interface Row {
  readonly what: 'title' | 'why' | 'step' | 'object' | 'guard';
  readonly text: string;
  readonly y: number;
}

export interface CardBox extends Box {
  readonly card: Card;
  readonly rows: readonly Row[];
  /** Above the card. */
  readonly label: string;
  /** The gate above the label, when the card waits for somebody. */
  readonly gate?: Box & { readonly lines: readonly string[] };
}

export interface Lane extends Box {
  readonly phase: Phase;
  readonly caption: readonly string[];
  readonly cards: readonly CardBox[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly Lane[];
  readonly rescue?: Box & { readonly cards: readonly CardBox[] };
}

export const MARGIN = 22;
export const HEADER = { y: 78, height: 34 } as const;
const GAP = 12;
const PAD = 10;
const LANES_Y = HEADER.y + HEADER.height + 8;
const LABEL = 20;
const CAPTION_LINE = 15;

/** Title, legend and rescue band need it. */
const LEAST_WIDTH = 760;

const CAPTIONS: Readonly<Record<Phase, string>> = {
  preflight: 'looks; a finding stops the sync before anything changes',
  prepare: 'protects what the new release would cut off',
  upgrade: "the vendor's objects, with your overlays",
  verify: 'watches the rollout, then proves the result',
  cleanup: 'takes temporary things away',
  rescue: 'runs only when something has failed',
};

/** Puts a picture on a plane: a lane a phase, waves downwards, what watches the upgrade beside it. All numbers are pixels. */
export function layoutOf(picture: Picture): Layout {
  const laneWidth = widthOfLanes(picture);
  const columns = picture.columns.map((column, index) => columnAt(column, MARGIN + index * (laneWidth + GAP), laneWidth));
  const aligned = columns.map((lane) => besideUpgrade(lane, columns.find(({ phase }) => phase === 'upgrade')));
  const bottom = Math.max(LANES_Y, ...aligned.flatMap(({ cards }) => cards.map(({ y, height }) => y + height))) + PAD;
  const lanes = aligned.map((lane) => ({ ...lane, height: bottom - lane.y }));
  const width = Math.max(LEAST_WIDTH, MARGIN * 2 + lanes.length * (laneWidth + GAP) - GAP);
  if (picture.rescue.length === 0) return { width, height: bottom + MARGIN, lanes };
  const rescue = rescueAt(picture.rescue, { x: MARGIN, y: bottom + 34, width: width - MARGIN * 2 });
  return { width, height: rescue.y + rescue.height + MARGIN, lanes, rescue };
}

function widthOfLanes({ columns, rescue }: Picture): number {
  const cards = [...columns.flatMap((column) => column.cards), ...rescue];
  const steps = cards.flatMap(({ steps: names, guards }) => [...names, ...guards].map((name) => widthOf(name, FONTS.step) + 20));
  const words = cards.flatMap(({ title }) => title.split(' ').map((word) => widthOf(word, FONTS.card)));
  const gates = cards.flatMap(({ gate }) => (gate ? [widthOf(gate, FONTS.step)] : []));
  return Math.ceil(Math.max(176, ...steps.map((step) => step + PAD * 4), ...words.map((word) => word + PAD * 4), ...gates.map((gate) => gate + PAD * 3)));
}

function columnAt({ phase, cards }: Column, x: number, width: number): Lane {
  const caption = wrap(CAPTIONS[phase], width - PAD * 2, FONTS.caption);
  let y = LANES_Y + PAD + caption.length * CAPTION_LINE;
  const boxes = cards.map((card) => {
    const box = cardAt(card, labelOf(card), { x: x + PAD, y, width: width - PAD * 2 });
    y = box.y + box.height + PAD;
    return box;
  });
  return { phase, caption, x, y: LANES_Y, width, height: 0, cards: boxes };
}

function labelOf({ phase, tone, wave }: Card): string {
  if (phase !== 'verify') return `wave ${wave}`;
  return tone === 'hook' ? `wave ${wave}, beside the upgrade` : `wave ${wave}, after the upgrade`;
}

/** Hooks of `verify` run beside the objects of the same wave of `upgrade`, so the lane begins on their height. */
function besideUpgrade(lane: Lane, upgrade: Lane | undefined): Lane {
  const [first] = lane.cards;
  const watched = upgrade?.cards.find(({ card }) => card.wave === first?.card.wave);
  if (lane.phase !== 'verify' || !first || !watched || watched.y <= first.y) return lane;
  const by = watched.y - first.y;
  return { ...lane, cards: lane.cards.map((box) => lowered(box, by)) };
}

function lowered(box: CardBox, by: number): CardBox {
  const { y, rows, gate } = box;
  return { ...box, y: y + by, rows: rows.map((row) => ({ ...row, y: row.y + by })), ...(gate ? { gate: { ...gate, y: gate.y + by } } : {}) };
}

type Place = Pick<Box, 'x' | 'y' | 'width'>;

function cardAt(card: Card, label: string, { x, y: top, width }: Place): CardBox {
  const gate = card.gate ? gateAt(card.gate, { x, y: top + 8, width }) : undefined;
  const y = (gate ? gate.y + gate.height + 4 : top) + LABEL;
  const { rows, height } = rowsOf(card, y, width - PAD * 2);
  return { card, label, rows, x, y, width, height, ...(gate ? { gate } : {}) };
}

function gateAt(command: string, place: Place): NonNullable<CardBox['gate']> {
  const lines = [...wrap('waits for an approval:', place.width - 40, FONTS.why), command];
  return { ...place, height: 14 + lines.length * 15, lines };
}

const LINE: Readonly<Record<Row['what'], number>> = { title: 17, why: 15, step: 18, object: 15, guard: 18 };
const SPACE_BEFORE: Readonly<Record<Row['what'], number>> = { title: 0, why: 2, step: 5, object: 0, guard: 6 };

function rowsOf(card: Card, top: number, width: number): { readonly rows: readonly Row[]; readonly height: number } {
  const badge = card.tone === 'objects' ? 0 : 44;
  const shown = card.objects.slice(0, card.objects.length > 4 ? 3 : 4);
  const more = card.objects.length - shown.length;
  const texts: readonly (readonly [Row['what'], string])[] = [
    ...wrap(card.title, width - badge, FONTS.card).map((text) => ['title', text] as const),
    ...shown.flatMap((text) => wrap(text, width, FONTS.why)).map((text) => ['object', text] as const),
    ...(more > 0 ? [['object', `and ${more} more kinds`] as const] : []),
    ...(card.why === '' ? [] : wrap(card.why, width, FONTS.why)).map((text) => ['why', text] as const),
    ...card.steps.map((text) => ['step', text] as const),
    ...card.guards.map((text) => ['guard', text] as const),
  ];
  let y = top + 4;
  let before: Row['what'] | undefined;
  const rows = texts.map(([what, text]): Row => {
    y += LINE[what] + (what === before ? 0 : SPACE_BEFORE[what]);
    before = what;
    return { what, text, y };
  });
  return { rows, height: y + 9 - top };
}

/** One band below all lanes. */
function rescueAt(cards: readonly Card[], place: Place): NonNullable<Layout['rescue']> {
  let y = place.y + PAD - LABEL;
  const boxes = cards.map((card) => {
    const box = cardAt(card, '', { x: place.x + RESCUE_TEXT, y, width: place.width - RESCUE_TEXT - PAD });
    y = box.y + box.height + PAD - LABEL;
    return box;
  });
  return { ...place, height: Math.max(y + LABEL - place.y, 88), cards: boxes };
}

/** Width of what the band says at its left. */
const RESCUE_TEXT = 250;
