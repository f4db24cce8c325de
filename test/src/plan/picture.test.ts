import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outline, OutlineEntry } from '../../../src/plan/outline.ts';
import { allowsMode, PHASES } from '../../../src/plan/phases.ts';
import { FONTS, layoutOf, type CardBox, type Layout } from '../../../src/plan/picture/layout.ts';
import { mermaidOf } from '../../../src/plan/picture/mermaid.ts';
import { pictureOf } from '../../../src/plan/picture/model.ts';
import { svgOf } from '../../../src/plan/picture/svg.ts';
import { widthOf, wrap } from '../../../src/plan/picture/text.ts';
import { examplePlan } from '../cli/example-plan.ts';

const plan = await examplePlan('calico-manifest');
const svg = svgOf([plan]);

describe('the svg of a plan', () => {
  test('shows every phase, step, guard and the command that opens the gate', () => {
    for (const phase of PHASES) expect(svg).toContain(`>${phase}</text>`);
    for (const { steps, guard } of plan.entries) for (const { name } of [...steps, ...(guard ? [guard] : [])]) expect(svg).toContain(`>${name}</text>`);
    expect(svg).toContain('>hookwave approve calico</text>');
  });

  test('needs nothing from elsewhere', () => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|href|<script|<image|@import|url\(/);
  });

  test('is well-formed, whatever the names', () => {
    expect(unbalanced(svg)).toEqual([]);
    expect(unbalanced(svgOf([{ ...plan, name: 'a<b&"c', kind: '<Kind>' }]))).toEqual([]);
  });

  test('uses only classes that its style sheet knows, in light and in dark', () => {
    const [light = '', dark = ''] = svg.split('@media(prefers-color-scheme:dark)');
    const used = new Set([...svg.matchAll(/class="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' ')));
    for (const name of used) expect(light.includes(`.${name}{`) || svg.includes(`}.${name}{font-family`), name).toBe(true);
    expect([...dark.slice(0, dark.indexOf('</style>')).matchAll(/\.[\w-]+\{(?:fill|stroke)/g)]).toHaveLength([...light.matchAll(/\.[\w-]+\{(?:fill|stroke)/g)].length);
  });

  test('two upgrades of one file stand below each other', () => {
    const heights = [svg, svgOf([plan, plan])].map((text) => Number(/height="([\d.]+)" role/.exec(text)?.[1]));
    expect(heights[1]).toBeCloseTo(2 * (heights[0] ?? 0));
  });
});

describe('the layout of any plan', () => {
  test('cards stay in their lanes, below each other, and inside the picture', () => {
    fc.assert(
      fc.property(plans, (upgrade) => {
        const layout = layoutOf(pictureOf(upgrade));
        for (const lane of layout.lanes) {
          for (const box of lane.cards) expect(box.x >= lane.x && box.x + box.width <= lane.x + lane.width && box.y + box.height <= lane.y + lane.height).toBe(true);
          for (const [above, below] of pairs(lane.cards)) expect(below.gate?.y ?? below.y).toBeGreaterThan(above.y + above.height);
        }
        for (const box of boxesOf(layout)) expect(box.x + box.width < layout.width && box.y + box.height < layout.height).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('no name of a step and no title leaves its card', () => {
    fc.assert(
      fc.property(plans, (upgrade) => {
        for (const { rows, x, width } of boxesOf(layoutOf(pictureOf(upgrade)))) {
          for (const { what, text } of rows.filter((row) => row.what !== 'why' && row.what !== 'object')) {
            const font = what === 'title' ? FONTS.card : FONTS.step;
            expect(x + (what === 'title' ? 12 : 28) + widthOf(text, font)).toBeLessThanOrEqual(x + width);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('what watches the upgrade stands beside what it watches', () => {
    const { lanes } = layoutOf(pictureOf(plan));
    const at = (phase: string, title: RegExp): number | undefined => lanes.find((lane) => lane.phase === phase)?.cards.find(({ card }) => title.test(card.title))?.y;
    expect(at('verify', /^rollout$/)).toBe(at('upgrade', /^DaemonSet/));
    expect(at('verify', /^rollout$/)).toBeGreaterThan(0);
  });
});

test('wrapped lines fit, and no word is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
      const lines = wrap(words.join(' '), 120, FONTS.why);
      expect(lines.join(' ')).toBe(words.join(' '));
      for (const line of lines.filter((text) => text.includes(' '))) expect(widthOf(line, FONTS.why)).toBeLessThanOrEqual(120);
    }),
  );
});

describe('the Mermaid chart of a plan', () => {
  const chart = mermaidOf([plan]);

  test('every arrow joins nodes or phases that the chart has, and each block ends', () => {
    const known = new Set([...chart.matchAll(/^\s*(?:subgraph )?(\w+)(?:\[|\{)/gm)].map(([, id]) => id));
    const ends = [...chart.matchAll(/^\s*(\w+) (?:-->|-\. fails \.->) (\w+)$/gm)].flatMap(([, from, to]) => [from, to]);
    expect(ends.length).toBeGreaterThan(10);
    expect(ends.filter((id) => !known.has(id))).toEqual([]);
    expect(chart.match(/subgraph /g)).toHaveLength(chart.match(/^\s*end$/gm)?.length ?? 0);
  });

  test('quotes nothing that Mermaid would read as its own', () => {
    const odd = mermaidOf([{ ...plan, from: '"<b>`#' }]);
    expect(odd).toContain('["calico: #quot;#lt;b#gt;#96;#35; → v3.32.1"]');
  });
});

/** Tags that are opened and never closed, or closed and never opened. */
function unbalanced(xml: string): readonly string[] {
  const open: string[] = [];
  for (const [, closing, name = '', rest = ''] of xml.matchAll(/<(\/?)([a-z]+)((?:\s+[\w-]+="[^"<]*")*\s*\/?)>/g)) {
    if (closing) {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!rest.endsWith('/')) open.push(name);
  }
  const stray = xml.replaceAll(/<\/?[a-z]+(?:\s+[\w-]+="[^"<]*")*\s*\/?>/g, '').match(/[<]|&(?!amp;|lt;|gt;|quot;)/g) ?? [];
  return [...open, ...stray];
}

function pairs<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.slice(1).map((item, index) => [items[index] as T, item]);
}

function boxesOf({ lanes, rescue }: Layout): readonly CardBox[] {
  return [...lanes.flatMap(({ cards }) => cards), ...(rescue?.cards ?? [])];
}

const MODES = ['hook', 'tracked'] as const;
const name = fc.stringMatching(/^[a-z][a-z-]{0,30}[a-z]$/);
const step = fc.record({ name, summary: fc.constant(''), arguments: fc.constant([]), access: fc.constant([]) });
const entry = fc
  .record({
    place: fc.constantFrom(...PHASES.flatMap((phase) => MODES.filter((mode) => allowsMode(phase, mode)).map((mode) => ({ phase, mode })))),
    wave: fc.integer({ min: -3, max: 3 }),
    kind: fc.constantFrom('DaemonSet', 'Deployment', 'ConfigMap', 'CustomResourceDefinition', 'Job'),
    name,
    why: fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){0,12}$/),
    steps: fc.array(step, { maxLength: 4 }),
    isGated: fc.boolean(),
  })
  .map(({ place, isGated, steps, ...rest }): OutlineEntry => ({ ...rest, ...place, steps: isGated ? steps.map((one) => ({ ...one, waitsFor: 'approval' as const })) : steps }));
const plans: fc.Arbitrary<Outline> = fc
  .array(entry, { minLength: 1, maxLength: 14 })
  .map((entries) => ({ ...plan, entries: [...entries].sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || Number(a.mode === 'tracked') - Number(b.mode === 'tracked') || a.wave - b.wave) }));
