import { lastApplied } from './last-applied.ts';
import { GUARD_PREFIX } from './pod-reasons.ts';
import type { Container, DaemonSet, PodSpec } from './workloads.ts';

const LISTS = ['initContainers', 'containers'] as const;

export type ContainerLists = Partial<Pick<PodSpec, (typeof LISTS)[number]>>;

export interface Leftovers {
  readonly names: readonly string[];
  /** The lists without them; only lists that change. */
  readonly lists: ContainerLists;
}

/**
 * Containers of the old release that an apply has left in the new template: kubectl once applied them, and the target has none of that name. Who takes
 * objects over from kubectl (Helm's `--take-ownership`, server-side apply) does not know what kubectl applied, and merges containers by name.
 * What kubectl did not apply is somebody's own and stays.
 */
export function leftoversIn(daemonSet: DaemonSet, expected: readonly string[]): Leftovers {
  const noted = new Set(containersOf(lastApplied(daemonSet) as DaemonSet | undefined).map(({ name }) => name));
  const isLeft = ({ name }: Container): boolean => noted.has(name) && !expected.includes(name) && !name.startsWith(GUARD_PREFIX);
  const { spec } = daemonSet.spec.template;
  const lists = LISTS.filter((list) => spec[list]?.some(isLeft)).map((list) => [list, spec[list]?.filter((container) => !isLeft(container))]);
  return { names: containersOf(daemonSet).filter(isLeft).map(({ name }) => name), lists: Object.fromEntries(lists) as ContainerLists };
}

function containersOf(daemonSet: DaemonSet | undefined): readonly Container[] {
  const spec = daemonSet?.spec?.template?.spec;
  return LISTS.flatMap((list) => spec?.[list] ?? []);
}
