import type { Outline } from '../outline.ts';
import { pictureOf, type Card, type Picture } from './model.ts';

/** The upgrades of a file as one Mermaid flowchart, for places that draw it, such as a Markdown file in Git. */
export function mermaidOf(upgrades: readonly Outline[]): string {
  return `${['flowchart LR', ...upgrades.flatMap((upgrade, index) => flow(pictureOf(upgrade), `u${index}`)), ...CLASSES].join('\n')}\n`;
}

const CLASSES = [
  '  classDef hook stroke-width:2px',
  '  classDef once stroke-width:3px',
  '  classDef objects stroke-width:1px',
  '  classDef gate stroke-dasharray:5 3,stroke-width:2px',
  '  classDef rescue stroke:#c4232f,stroke-width:2px',
];

function flow({ title, columns, rescue }: Picture, id: string): readonly string[] {
  const cards = columns.map((column, index) => column.cards.map((card, row) => ({ card, id: `${id}p${index}c${row}` })));
  const nodes = columns.flatMap(({ phase }, index) => [
    `    subgraph ${id}p${index}["${phase}"]`,
    '      direction TB',
    ...(cards[index] ?? []).flatMap((one, row, all) => [...node(one.card, one.id), ...(row > 0 && waits(all[row - 1]?.card, one.card) ? [`      ${all[row - 1]?.id} --> ${one.id}`] : [])]),
    '    end',
  ]);
  const phases = columns.slice(1).map((_column, index) => `    ${id}p${index} --> ${id}p${index + 1}`);
  const last = rescue.flatMap((card, index) => [...node(card, `${id}r${index}`, 'rescue'), ...failing(cards.flat()).map((from) => `    ${from} -. fails .-> ${id}r${index}`)]);
  return [`  subgraph ${id}["${escape(title)}"]`, '    direction LR', ...nodes, ...phases, ...last, '  end'];
}

function waits(before: Card | undefined, card: Card): boolean {
  return before !== undefined && (before.wave !== card.wave || before.tone !== card.tone);
}

function failing(cards: readonly { readonly card: Card; readonly id: string }[]): readonly string[] {
  return cards.filter(({ card }) => card.tone !== 'objects').map(({ id }) => id);
}

function node(card: Card, id: string, name: string = card.tone): readonly string[] {
  const text = [`<b>${escape(card.title)}</b> ${card.tone === 'objects' ? '' : card.tone}`.trim(), `wave ${card.wave}`, ...card.objects, ...card.steps, ...card.guards.map((guard) => `guard ${guard}`)];
  const label = `${text.map((line, index) => (index === 0 ? line : escape(line))).join('<br/>')}`;
  const own = `      ${id}["${label}"]:::${name}`;
  return card.gate ? [`      ${id}g{{"waits for<br/>${escape(card.gate)}"}}:::gate`, `      ${id}g --> ${id}`, own] : [own];
}

/** Entities in Mermaid's own spelling. */
function escape(text: string): string {
  return text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;').replaceAll('`', '#96;');
}
