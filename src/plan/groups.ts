import type { OutlineEntry } from './outline.ts';

/** Entries of one place that are there for one reason: what a reader takes in at once. */
export interface Group {
  readonly entries: readonly OutlineEntry[];
  /** The first of them. */
  readonly entry: OutlineEntry;
}

/** Joins entries of the same wave, mode and reason, in their order; what runs steps stands alone. */
export function groupsOf(entries: readonly OutlineEntry[]): readonly Group[] {
  const groups = new Map<string, { readonly entry: OutlineEntry; readonly entries: OutlineEntry[] }>();
  for (const entry of entries) {
    const key = JSON.stringify(entry.steps.length > 0 ? [entry.name] : [entry.phase, entry.wave, entry.mode, entry.why]);
    const group = groups.get(key) ?? { entry, entries: [] };
    group.entries.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const WORKLOADS = ['DaemonSet', 'Deployment', 'StatefulSet', 'Job', 'Pod'];

/** `DaemonSet calico-node, 2 × ServiceAccount`: workloads first, each kind once. */
export function namesOf({ entries }: Group): readonly string[] {
  const kinds = new Map<string, string[]>();
  for (const { kind, name } of entries) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  return [...kinds]
    .map(([kind, names]) => ({ kind, text: names.length === 1 ? `${kind} ${names[0]}` : `${names.length} × ${kind}` }))
    .sort((a, b) => Number(WORKLOADS.includes(b.kind)) - Number(WORKLOADS.includes(a.kind)))
    .map(({ text }) => text);
}

/** `preflight` of Job `hookwave-calico-preflight`, without the digest that a tracked Job has. */
export function jobIdOf({ name }: OutlineEntry, upgrade: string): string {
  return name.replace(`hookwave-${upgrade}-`, '').replace(/-[0-9a-f]{8}$/, '');
}
