import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { documentsFile, GENERATED, type OutputFile } from '../output.ts';
import { bind } from './bind.ts';
import { chartYaml } from './chart-yaml.ts';
import { helpersTpl, timeoutMinutes } from './helpers.ts';
import { jobLives } from './job-lives.ts';
import { notesTxt } from './notes.ts';
import { parametersOf, type Parameter, type Parameters } from './parameters.ts';
import { readmeMd } from './readme.ts';
import { releaseObjects, type ReleaseObject } from './release-objects.ts';
import { valuesSchema, valuesYaml } from './values.ts';

/**
 * Turns an upgrade into a Helm chart (for Helm 3.18 and newer, 4.1.1 and newer). With its default values it renders exactly `releaseObjects(chart)`.
 * @throws Error for what Helm can't express, with every construct concerned
 */
export function helm(chart: UpgradeChart): readonly OutputFile[] {
  const { objects, values, parameters: all } = release(chart);
  const lives = jobLives(chart, objects, values);
  return [
    { name: 'Chart.yaml', text: chartYaml(chart) },
    { name: 'README.md', text: readmeMd(chart, all, timeoutMinutes(objects.map(({ manifest }) => manifest.spec?.activeDeadlineSeconds ?? 0))) },
    { name: 'values.schema.json', text: valuesSchema(all) },
    { name: 'values.yaml', text: valuesYaml(all) },
    { name: 'templates/NOTES.txt', text: notesTxt(chart) },
    { name: 'templates/_helpers.tpl', text: helpersTpl(lives) },
    ...templates(objects, (object) => template(object, bind(endSafely(object.text), values.bindingsOf(object)), chart.identity.namespace)),
  ];
}

/** What a chart of the upgrade renders, and the values that it takes. */
export function release(chart: UpgradeChart): { readonly objects: readonly ReleaseObject[]; readonly values: Parameters; readonly parameters: readonly Parameter[] } {
  const objects = releaseObjects(chart);
  const values = parametersOf(chart, objects);
  return { objects, values, parameters: [...values.parameters, ...(objects.some(({ isHome }) => isHome) ? [NAMESPACE] : [])] };
}

const NAMESPACE: Parameter = {
  path: ['namespace', 'create'],
  value: true,
  schema: { type: 'boolean', description: 'Create the namespace of the hooks where it is missing. Without it: create it yourself, and let it allow host-network Pods.' },
};

function templates(objects: readonly ReleaseObject[], textOf: (object: ReleaseObject) => string): readonly OutputFile[] {
  const names = [...new Set(objects.map(({ file }) => file))];
  return names.map((name) => {
    const own = objects.filter(({ file }) => file === name);
    return own.some(({ isHome }) => isHome) ? { name, text: `{{- /* ${GENERATED} */ -}}\n${own.map(textOf).join('')}` } : documentsFile(name, own.map(textOf));
  });
}

/**
 * Helm 3 creates a hook and fails when it exists, so the namespace is left out where there is one, and where Helm itself lives in it.
 * Rendering without a cluster always has it: `lookup` finds nothing there.
 */
function template({ isHome }: ReleaseObject, text: string, namespace: string): string {
  if (!isHome) return text;
  const missing = `not (lookup "v1" "Namespace" "" "${namespace}")`;
  return `{{- if and .Values.namespace.create (ne .Release.Namespace "${namespace}") (${missing}) }}\n---\n${text}{{- end }}\n`;
}

/** Helm trims what it renders, and with it the end of a block scalar; a comment keeps it. */
function endSafely(text: string): string {
  return /\s\n$/.test(text) ? `${text}# end\n` : text;
}
