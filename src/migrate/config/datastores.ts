import type { EtcdAccess } from '../../etcd/access.ts';
import { settingsFromEnvironment, type Env } from './environment.ts';
import { etcdAccess } from './etcd.ts';
import type { Settings, Side } from './fields.ts';
import { settingsFromFile } from './file.ts';
import { kubernetesAccess, type KubernetesAccess } from './kubernetes.ts';
import { ConfigError, type ConfigProblem } from './problems.ts';
import type { ReadFile } from './read-file.ts';

export interface ConfigSource {
  readonly env: Env;
  readonly readFile: ReadFile;
  /** Path given by the user. @default the default file if there is one, else the environment */
  readonly apiconfigv1?: string | undefined;
  readonly apiconfigv3?: string | undefined;
}

/** Both sides of a migration. In a Kubernetes datastore they are one. */
export type Datastores = (
  | { readonly is: 'etcd'; readonly v1: EtcdAccess; readonly v3: EtcdAccess }
  | { readonly is: 'kubernetes'; readonly access: KubernetesAccess }
) & {
  readonly warnings: readonly string[];
  /** Where each side's settings come from, such as `the environment`. */
  readonly from: Readonly<Record<Side, string>>;
};

export const DEFAULT_FILES = { v1: '/etc/calico/apiconfigv1.cfg', v3: '/etc/calico/apiconfigv3.cfg' } as const satisfies Record<Side, string>;

/**
 * How both datastores are reached. Each side: a given file, else the default file, else the environment; never a mixture.
 * @throws ConfigError with the problems of both sides
 */
export async function datastores(source: ConfigSource): Promise<Datastores> {
  const v3 = await readSide('v3', source.apiconfigv3, source);
  const type = v3.settings.values.datastoreType ?? 'etcdv3';
  if (type === 'kubernetes' && v3.problems.length === 0) return kubernetesDatastore(v3, source.readFile);
  const v1 = await readSide('v1', source.apiconfigv1, source);
  const problems = [...v1.problems, ...v3.problems, ...typeProblems(v1.settings, 'etcdv2'), ...typeProblems(v3.settings, 'etcdv3')];
  const sides = [v1, v3].filter((side) => side.problems.length === 0).map(({ settings }) => etcdAccess(settings, source.readFile));
  problems.push(...sides.flatMap((one) => one.problems));
  const [first, second] = sides;
  if (problems.length > 0 || !first || !second) throw new ConfigError(problems);
  return { is: 'etcd', v1: first.access, v3: second.access, warnings: [...v1.warnings, ...v3.warnings, ...first.warnings, ...second.warnings], from: { v1: v1.from, v3: v3.from } };
}

interface ReadSide {
  readonly settings: Settings;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
  readonly from: string;
}

async function readSide(side: Side, given: string | undefined, { env, readFile }: ConfigSource): Promise<ReadSide> {
  const path = given ?? DEFAULT_FILES[side];
  const found = readFile(path);
  if ('text' in found) return { ...(await settingsFromFile(side, path, found.text)), warnings: [], from: path };
  // As upstream: a default path counts as not given, even when it is.
  if (path === DEFAULT_FILES[side] && found.error === 'ENOENT') return { ...settingsFromEnvironment(side, env), problems: [], from: 'the environment' };
  const where = given === undefined ? path : `--apiconfig${side}`;
  const problem = { where, message: `${path} can't be read: ${found.error}`, fix: 'correct the path or mount the file; without a file the environment is read' };
  return { settings: { side, values: {}, where: (field) => field }, problems: [problem], warnings: [], from: path };
}

function typeProblems({ side, values, where }: Settings, only: string): readonly ConfigProblem[] {
  const type = values.datastoreType ?? only;
  if (type === only) return [];
  const fix = side === 'v3' ? 'write etcdv3, or kubernetes for the Kubernetes datastore' : 'write etcdv2 or leave it out; with the Kubernetes datastore only the v3 side counts: CALICO_DATASTORE_TYPE=kubernetes, or datastoreType in its file';
  return [{ where: where('datastoreType'), message: `is not ${only}`, fix }];
}

function kubernetesDatastore({ settings, warnings, from }: ReadSide, readFile: ReadFile): Datastores {
  const { access, problems } = kubernetesAccess(settings, readFile);
  if (problems.length > 0) throw new ConfigError(problems);
  return { is: 'kubernetes', access, warnings, from: { v1: from, v3: from } };
}
