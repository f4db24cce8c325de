import { describeManifest, type Manifest } from '../sequencers/manifests/manifest.ts';
import type { Group, Moment, Prediction } from '../sequencers/prediction.ts';
import type { Tool } from './order-tools.ts';
import { WIDTH, wrap } from './wrap.ts';

const TOOL_NAMES: Readonly<Record<Tool, string>> = { argo: 'Argo CD', helm3: 'Helm 3', helm4: 'Helm 4' };

/** A prediction for people: a line for each group of objects, indented below where the tool is. */
export function formatPrediction(name: string, tool: Tool, isLater: boolean, { moments, outcome, reason }: Prediction<unknown>, width: number = WIDTH): string {
  const what = tool === 'argo' ? (isLater ? 'a later sync' : 'the first sync') : isLater ? 'an upgrade' : 'an install';
  const end = outcome === 'succeeded' ? [] : [`ends ${outcome}${reason ? `: ${reason}` : ''}`];
  return `${[`${name}: ${what} by ${TOOL_NAMES[tool]}`, ...moments.flatMap(formatMoment), ...end].flatMap((line) => wrap('', line, width, HANG)).join('\n')}\n`;
}

/** Further than groups, which are further than places. */
const HANG = 6;

/** Neighbours in one place, such as Helm's hooks of one weight, share its line. */
function formatMoment(moment: Moment<unknown>, index: number, all: readonly Moment<unknown>[]): readonly string[] {
  const [place, before, after] = [moment, all[index - 1], all[index + 1]].map((one) => one && describePlace(one.at));
  return [...(place === before || place === undefined ? [] : [place]), ...moment.groups.flatMap((group) => linesOf(group).map((one) => `  ${formatGroup(one)}`)), ...formatWait(moment, place === after, place === before)];
}

function formatWait({ waitsFor }: Moment<unknown>, hasNext: boolean, hasBefore: boolean): readonly string[] {
  if (waitsFor.length === 0 || hasNext) return [];
  return [`  wait ${hasBefore ? 'after each ' : ''}until ${waitsFor.map((one) => WAITS[one]).join(' and ')}`];
}

const WAITS = { hooks: 'the hooks have ended', health: 'the objects are healthy' } as const;

/** What happens one after the other is told in that order: a line for each run of one kind. */
function linesOf(group: Group): readonly Group[] {
  if (group.order !== 'sequence') return [group];
  const runs: Manifest[][] = [];
  for (const one of group.objects) {
    const run = runs.at(-1);
    if (run?.[0]?.kind === one.kind) run.push(one);
    else runs.push([one]);
  }
  return runs.map((objects) => ({ ...group, objects }));
}

function formatGroup({ action, because, objects, order }: Group): string {
  const shared = { parallel: objects.length > 1 ? ', together' : '', sequence: objects.length > 1 ? ', one after the other' : '', open: ', in an order that varies' }[order];
  return `${action}${because ? ` (${because})` : ''} ${formatObjects(objects)}${shared}`;
}

/** Objects of one kind share its name; more than four of a kind are counted. */
function formatObjects(objects: readonly Manifest[]): string {
  const byKind = new Map<string, Manifest[]>();
  for (const one of objects) byKind.set(one.kind, [...(byKind.get(one.kind) ?? []), one]);
  return [...byKind].map(([kind, own]) => `${kind} ${own.length > 4 ? `(${own.length})` : own.map((one) => describeManifest(one).slice(kind.length + 1)).join(', ')}`).join('; ');
}

/** `Sync wave 3`, `pre-install weight -5`, `after pre-install`, `release`. */
function describePlace(at: unknown): string {
  if (typeof at !== 'object' || at === null) return PLACES[String(at)] ?? String(at);
  if ('phase' in at && 'wave' in at) return `${String(at.phase)} wave ${String(at.wave)}`;
  if ('event' in at && 'weight' in at) return `${String(at.event)} weight ${String(at.weight)}`;
  return 'after' in at ? `after ${String(at.after)}` : '';
}

const PLACES: Readonly<Record<string, string>> = { namespace: 'first of all', success: 'at the end', failure: 'after the failure', release: "the release's own objects" };

/** The same for programs: objects by who they are. */
export function plainPrediction({ moments, ...rest }: Prediction<unknown>): object {
  return { ...rest, moments: moments.map(({ at, groups, waitsFor }) => ({ at, groups: groups.map((group) => ({ ...group, objects: group.objects.map(plainObject) })), waitsFor })) };
}

function plainObject({ apiVersion, kind, namespace, name, generateName, file }: Manifest): object {
  return { apiVersion, kind, ...(namespace && { namespace }), ...(name ? { name } : { generateName }), file };
}
