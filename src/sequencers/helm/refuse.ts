import { VendorObject } from '../../constructs/vendor-manifest.ts';
import type { Entry } from '../entries.ts';
import { HOOK } from './annotations.ts';
import { comesBeforeWorkloads } from './order.ts';
import { LARGEST_WAVE, positionOf } from './position.ts';

type Rule = (entry: Entry, all: readonly Entry[]) => string | undefined;

/** Refuses what Helm cannot express. @throws Error that names every such construct and says why */
export function refuseInexpressible(entries: readonly Entry[]): void {
  const problems = entries.flatMap((entry) => {
    const reasons = RULES.map((rule) => rule(entry, entries)).filter((reason) => reason !== undefined);
    return reasons.map((reason) => `${entry.object.kind} ${entry.object.name} at ${entry.object.node.path} ${reason}`);
  });
  if (problems.length > 0) throw new Error(`Helm can't express this upgrade:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
}

const lateWave: Rule = ({ placed: { placement, loose } }) => {
  if (placement.phase !== 'upgrade' || placement.wave <= 0 || loose) return undefined;
  return `waits for what stands before wave ${placement.wave}, and a release has no waves; give it a release of its own, or a place in verify`;
};

const earlyWave: Rule = ({ object, placed: { placement, loose } }) => {
  if (placement.phase !== 'upgrade' || placement.wave >= 0 || loose || comesBeforeWorkloads(object.kind)) return undefined;
  return `is to stand before the rest, at wave ${placement.wave}, but Helm orders a release by kind and ${object.kind} comes with or after the workloads`;
};

const jobInRelease: Rule = ({ object, placed: { placement } }) => {
  if (placement.phase !== 'upgrade' || object.kind !== 'Job' || VendorObject.isVendorObject(object)) return undefined;
  return 'is a Job in the middle of the upgrade, for which Helm would not wait; put it into prepare or verify';
};

const trackedHook: Rule = ({ object, placed: { placement } }) => {
  if (placement.phase !== 'verify' || placement.mode !== 'tracked' || object.kind === 'Job' || comesBeforeWorkloads(object.kind)) return undefined;
  return `is a tracked ${object.kind} after the upgrade: as a hook Helm would neither wait for it nor take it away; put it into the upgrade phase`;
};

/** The only phase without a place is `rescue`. */
const noPlace: Rule = ({ placed: { placement, optional } }) =>
  optional || positionOf(placement) ? undefined : `has its place in ${placement.phase}, and Helm has no hook for a failure; let the failing step do its work, or place it with \`optional: true\` if the upgrade is as safe without it`;

const foreignWave: Rule = ({ placed: { placement } }) =>
  placement.phase === 'upgrade' || Math.abs(placement.wave) <= LARGEST_WAVE ? undefined : `has wave ${placement.wave}; hook weights leave room for ${LARGEST_WAVE} either way`;

const ownHook: Rule = ({ object }) => {
  if (!VendorObject.isVendorObject(object) || !object.document.text.includes(HOOK)) return undefined;
  const { annotations } = object.read()['metadata'] as { annotations?: Readonly<Record<string, unknown>> };
  if (annotations?.[HOOK] === undefined) return undefined;
  return `carries ${HOOK} of its vendor, so Helm would run it as a hook; take that annotation away, or use the vendor's own chart`;
};

/** Helm builds a whole release against the API server's kinds before the first hook (helm v4.2, pkg/action/upgrade.go). */
const unknownKind: Rule = ({ object, placed: { placement } }, all) => {
  if (placement.phase !== 'upgrade' || object.kind === 'CustomResourceDefinition' || !object.apiGroup.includes('.')) return undefined;
  const definition = all.find(({ object: other }) => VendorObject.isVendorObject(other) && other.kind === 'CustomResourceDefinition' && defines(other.document.text, object.apiGroup, object.kind));
  return definition ? `is of a kind that ${definition.object.name} of the same release defines, and Helm refuses kinds that are not there yet; move one of them to a release of its own` : undefined;
};

function defines(definition: string, group: string, kind: string): boolean {
  return new RegExp(`^  group: *["']?${escapeRegExp(group)}["']? *$`, 'm').test(definition) && new RegExp(`^ +kind: *["']?${escapeRegExp(kind)}["']? *$`, 'm').test(definition);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

const RULES: readonly Rule[] = [lateWave, earlyWave, jobInRelease, trackedHook, noPlace, foreignWave, ownHook, unknownKind];
