/** Live edits that the target manifest would undo. Pure. */
import { isHidden, type Tunables } from './tunables.ts';

export interface LostEdit {
  /** A path of `Tunables`. */
  readonly path: string;
  /** Absent: it was added by the edit. */
  readonly installed?: string;
  /** Absent: it was removed by the edit. */
  readonly live?: string;
  /** Absent: the target does not have it. */
  readonly target?: string;
  /** How the spec carries the edit. */
  readonly carry: string;
}

export interface DriftInput {
  /** As installed, without later edits. */
  readonly installed: Tunables;
  readonly live: Tunables;
  readonly target: Tunables;
  /** Paths that the spec's overlays set: decided, whatever is live. @default none */
  readonly decided?: readonly string[];
}

/**
 * Edits (live differs from installed) that the target does not have. An object or container that is missing on one of the three sides
 * is not compared: it has been added or dropped as a whole.
 */
export function lostEdits({ installed, live, target, decided = [] }: DriftInput): readonly LostEdit[] {
  const sides = [installed, live, target].map(ownersIn);
  const paths = new Set([...Object.keys(installed), ...Object.keys(live)]);
  return [...paths]
    .toSorted()
    .filter((path) => sides.every((owners) => owners.has(ownerOf(path))))
    .filter((path) => live[path] !== installed[path] && live[path] !== target[path] && !decided.includes(path))
    .map((path) => lostEdit(path, installed[path], live[path], target[path]));
}

function lostEdit(path: string, installed: string | undefined, live: string | undefined, target: string | undefined): LostEdit {
  return { path, ...part('installed', installed), ...part('live', live), ...part('target', target), carry: carryOf(path, live) };
}

/** One line for people; long and secret-like values are not printed. */
export function describeLostEdit({ path, installed, live, target, carry }: LostEdit): string {
  return `${path}: live ${print(live)}, installed as ${print(installed)}, would become ${print(target)}; to keep it, ${carry}`;
}

function part<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

/** The ConfigMap or container that a path lies in. */
function ownerOf(path: string): string {
  return path.replace(/\/(?:data|env)\/[^/]*$|\/registry$/, '');
}

function ownersIn(tunables: Tunables): ReadonlySet<string> {
  return new Set(Object.keys(tunables).map(ownerOf));
}

const PRINTED_MAXIMUM = 80;

function print(value: string | undefined): string {
  if (value === undefined) return '(absent)';
  if (isHidden(value)) return '(hidden)';
  return value.length > PRINTED_MAXIMUM || value.includes('\n') ? `(${value.length} characters)` : `"${value}"`;
}

/** Which field of the spec carries a value. */
function carryOf(path: string, live: string | undefined): string {
  const key = path.slice(path.lastIndexOf('/') + 1);
  if (live !== undefined && path.startsWith('ConfigMap/')) return `set spec.overlays.config.${key}`;
  if (live !== undefined && /\/containers\/calico-node\/env\//.test(path) && !live.startsWith('{')) return `set spec.overlays.env.${key}`;
  if (path.endsWith('/registry')) return 'set spec.overlays.registry';
  return `add a patch of ${path.split('/').slice(0, 2).join(' ')} to spec.overlays.patches`;
}
