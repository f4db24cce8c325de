import { groupsOf, jobIdOf, type Group } from '../groups.ts';
import type { Outline, OutlineEntry } from '../outline.ts';
import { PHASES, type Phase } from '../phases.ts';

/** What a picture of an upgrade shows, before anybody has decided where it stands. */
export interface Picture {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  /** In the order in which they run, without `rescue`. */
  readonly columns: readonly Column[];
  /** What runs after a failure. @default nothing */
  readonly rescue: readonly Card[];
}

export interface Column {
  readonly phase: Phase;
  readonly cards: readonly Card[];
}

export interface Card {
  /** `hook`: a Job on every sync; `once`: a tracked Job; `objects`: what the sequencer applies and tracks. */
  readonly tone: 'hook' | 'once' | 'objects';
  readonly phase: Phase;
  readonly wave: number;
  readonly title: string;
  /** Names of steps, in their order. */
  readonly steps: readonly string[];
  /** Why it is there; empty where the objects are there for several reasons. */
  readonly why: string;
  /** Further objects, such as `2 × ServiceAccount`. */
  readonly objects: readonly string[];
  /** Names of steps that hold a workload of the card. */
  readonly guards: readonly string[];
  /** The command that lets it go on. @default it waits for nobody */
  readonly gate?: string;
}

/** The picture of an upgrade. Accounts, roles and files are left out: they belong to their job. */
export function pictureOf(upgrade: Outline): Picture {
  const shown = upgrade.entries.filter(({ serves }) => serves === undefined);
  const cardsOf = (phase: Phase): readonly Card[] => joinObjects(groupsOf(shown.filter((entry) => entry.phase === phase))).map((group) => cardOf(group, upgrade.name));
  return {
    name: upgrade.name,
    title: `${upgrade.name}: ${upgrade.from} → ${upgrade.to}`,
    subtitle: `${upgrade.kind}, plan ${upgrade.plan}`,
    columns: PHASES.filter((phase) => phase !== 'rescue')
      .map((phase) => ({ phase, cards: cardsOf(phase) }))
      .filter(({ cards }) => cards.length > 0),
    rescue: cardsOf('rescue'),
  };
}

/** Objects of one wave share a card, whatever they are there for. */
function joinObjects(groups: readonly Group[]): readonly Group[] {
  const joined: Group[] = [];
  for (const group of groups) {
    const last = joined.at(-1);
    const joins = last && [last, group].every(({ entry }) => entry.steps.length === 0) && last.entry.wave === group.entry.wave;
    if (joins) joined[joined.length - 1] = { entry: last.entry, entries: [...last.entries, ...group.entries] };
    else joined.push(group);
  }
  return joined;
}

function cardOf({ entry, entries }: Group, upgrade: string): Card {
  const { phase, wave, mode, steps } = entry;
  const isJob = steps.length > 0;
  const [first = '', ...objects] = isJob ? [jobIdOf(entry, upgrade)] : shortNames(entries);
  return {
    tone: !isJob ? 'objects' : mode === 'hook' ? 'hook' : 'once',
    phase,
    wave,
    title: first,
    why: entries.every(({ why }) => why === entry.why) ? entry.why : '',
    steps: steps.map(({ name }) => name),
    objects,
    guards: entries.flatMap(({ guard }) => (guard ? [guard.name] : [])),
    ...(steps.some(({ waitsFor }) => waitsFor === 'approval') ? { gate: `hookwave approve ${upgrade}` } : {}),
  };
}

/** A longer name would not fit into a lane. */
const LONGEST_NAME = 24;
const NAMED = ['DaemonSet', 'Deployment', 'StatefulSet', 'Job', 'Pod'];
const SHORT: Readonly<Record<string, string>> = { CustomResourceDefinition: 'CRD' };

/** Workloads by name, everything else counted. */
function shortNames(entries: readonly OutlineEntry[]): readonly string[] {
  const [only, ...others] = entries;
  if (only && others.length === 0 && only.name.length <= LONGEST_NAME) return [`${only.kind} ${only.name}`];
  const counted = new Map<string, number>();
  for (const { kind } of entries.filter((entry) => !NAMED.includes(entry.kind))) counted.set(kind, (counted.get(kind) ?? 0) + 1);
  return [
    ...NAMED.flatMap((kind) => entries.filter((entry) => entry.kind === kind).map(({ name }) => `${kind} ${name}`)),
    ...[...counted].map(([kind, count]) => (count === 1 ? (SHORT[kind] ?? kind) : `${count} × ${SHORT[kind] ?? kind}`)),
  ];
}
