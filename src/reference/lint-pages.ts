import { ENGINES, evidence } from '../sequencers/lint/evidence.ts';
import type { Level, Rule } from '../sequencers/lint/rule.ts';
import { rules } from '../sequencers/lint/rules/index.ts';
import { optionsOf } from './cli-page.ts';
import { GENERATED, type Page } from './page.ts';

/** The lint reference: an index and a page for each rule. */
export function lintPages(): readonly Page[] {
  return [{ path: 'docs/reference/lint.md', text: indexPage() }, ...rules.map((rule) => ({ path: `docs/reference/lint/${rule.code}.md`, text: rulePage(rule) }))];
}

function indexPage(): string {
  return `${GENERATED}# hookwave lint

\`hookwave lint PATH...\` judges manifests that Argo CD or Helm will order: files, folders (\`*.yaml\`, \`*.yml\`, \`*.json\`, recursively) or \`-\` for the standard input. **Each PATH is one application**; name the folder, not its files, or rules that look at the whole will miss the rest. A chart is rendered first: \`helm template . | hookwave lint - --chart .\`.

${optionsOf('lint')}

Exit code: 0 nothing found or warnings only, 1 errors found, 2 input that can't be read or has no object, or a wrong option.

An object's own annotation \`hookwave.dev/lint-ignore: code,code\` keeps findings about it away. A stream that has only Helm's annotations is judged as a chart: rules about how an Argo CD application is made keep quiet unless \`--engine argo\` says that Argo CD delivers it.

Rendered manifests do not show what stands in a chart's templates only: \`.Release.IsUpgrade\`, \`lookup\`, random values and dates. \`--chart\` names the folder of the chart, whose templates are read for them. \`--previous\` names the manifests of the release before, for objects that move between manifest and hook.

What a rule says about Argo CD, Helm or Kubernetes is not only read from their sources: tests apply its bad and its good example to the real ones and look at what happens. The last column says in which; each page says what could not be shown.

| code | level | what | shown in |
|---|---|---|---|
${rules.map(({ code, level, title }) => `| [${code}](lint/${code}.md) | ${level} | ${title.replaceAll('|', '\\|')} | ${evidence[code]?.shown.map((engine) => ENGINE_NAMES[engine]).join(', ') || 'nowhere yet'} |`).join('\n')}
`;
}

const ENGINE_NAMES = { argo: 'Argo CD', helm: 'Helm 3, Helm 4', kubernetes: 'Kubernetes' } as const;

const MEANING: Readonly<Record<Level, string>> = {
  error: 'what stands there does not do what it says',
  warning: 'it works only under conditions that the manifests do not show',
  info: 'good to know',
};

function rulePage(rule: Rule): string {
  const { code, level, title, why, source, fix, bad, good } = rule;
  const option = optionOf(rule);
  return `${GENERATED}# ${code}

**${level}**: ${title} (${MEANING[level]}).
${option}
${why}

**Fix:** ${fix}.

**Source:** ${source}.

${evidenceOf(code)}

## Bad

${yaml(bad)}

## Good

${yaml(good)}
`;
}

/** Options without which nobody hears of the rule; what they hold for the examples. */
function optionOf({ needs, scope }: Rule): string {
  if (scope === 'template') return '\nOnly with `--chart`: it reads templates, which rendered manifests do not show.\n';
  if (needs?.fleet) return '\nOnly with `--fleet`.\n';
  if (needs?.selfHeal) return '\nOnly with `--self-heal`.\n';
  if (needs?.previous) return `\nOnly with \`--previous\`; in the examples the release before had:\n\n${needs.previous.map(({ text }) => yaml(text)).join('\n')}\n`;
  return '';
}

/** Where tests show what the page says. */
function evidenceOf(code: string): string {
  const { shown, notShown } = evidence[code] ?? { shown: [] };
  const places = shown.map((engine) => `${ENGINES[engine].title} ([${ENGINES[engine].test}](../../../${ENGINES[engine].test}), tests named \`${code}\`)`);
  return [places.length > 0 ? `**Shown in the real** ${places.join(', ')}.` : '', notShown ? `**Not shown:** ${notShown}.` : ''].filter((line) => line !== '').join('\n\n');
}

/** An example; values that are long for the sake of the example are cut. */
function yaml(text: string): string {
  return `\`\`\`yaml\n${text.replaceAll(/x{200,}/g, (long) => `xxxx...  # ${long.length} characters`)}\`\`\``;
}
