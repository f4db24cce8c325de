import type { Phase } from '../phases.ts';

interface Colours {
  readonly paper: string;
  readonly edge: string;
  readonly lane: string;
  readonly card: string;
  readonly ink: string;
  readonly soft: string;
  readonly phases: Readonly<Record<Phase, string>>;
}

const LIGHT: Colours = {
  paper: '#ffffff',
  edge: '#d1d9e0',
  lane: '#f4f6f9',
  card: '#ffffff',
  ink: '#1f2328',
  soft: '#57606a',
  phases: { preflight: '#0a69c7', prepare: '#7a4dd0', upgrade: '#19803a', verify: '#0b7a8a', cleanup: '#9a6200', rescue: '#c4232f' },
};

const DARK: Colours = {
  paper: '#0d1117',
  edge: '#353c45',
  lane: '#161b22',
  card: '#1f262e',
  ink: '#e9edf2',
  soft: '#a3acb7',
  phases: { preflight: '#58a6ff', prepare: '#b392f0', upgrade: '#4cc46a', verify: '#4fc3d4', cleanup: '#e0a93c', rescue: '#ff7b72' },
};

/** The style sheet of a picture: plain class rules, light, and dark where the reader asks for it. No variables, for renderers that lack them. */
export const STYLE = `${rulesOf(LIGHT)}@media(prefers-color-scheme:dark){${rulesOf(DARK)}}`;

function rulesOf({ paper, edge, lane, card, ink, soft, phases }: Colours): string {
  const rules = [
    `.paper{fill:${paper};stroke:${edge}}`,
    `.lane{fill:${lane}}`,
    `.card{fill:${card};stroke:${edge}}`,
    `.ink{fill:${ink}}`,
    `.soft{fill:${soft}}`,
    `.thread{stroke:${edge};fill:none}`,
    `.on{fill:${paper}}`,
    ...Object.entries(phases).flatMap(([phase, colour]) => [`.${phase}{fill:${colour}}`, `.${phase}-line{stroke:${colour};fill:none}`]),
  ];
  return rules.join('');
}

export const SANS = "ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
export const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";
