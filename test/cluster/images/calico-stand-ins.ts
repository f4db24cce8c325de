import { type Entry, type Image, type ImageConfig, writeArchive } from './archive.ts';
import { goProgram } from './go-program.ts';

const names = ['cni', 'node', 'kube-controllers', 'typha', 'ctl'] as const;
const program = '/stand-in';

/** The default entrypoint and user of upstream's images. */
const entrypoints: Readonly<Record<(typeof names)[number], Pick<ImageConfig, 'entrypoint' | 'user'>>> = {
  cni: { entrypoint: ['/opt/cni/bin/install'] },
  node: { entrypoint: ['/usr/sbin/start_runit'] },
  'kube-controllers': { entrypoint: ['/usr/bin/kube-controllers'], user: '999' },
  typha: { entrypoint: ['/usr/bin/calico-typha'], user: '999' },
  ctl: { entrypoint: ['/calicoctl'] },
};

/** Where upstream's manifests call programs. */
const paths = [
  '/opt/cni/bin/calico-ipam',
  '/opt/cni/bin/install',
  '/bin/calico-node',
  '/usr/sbin/start_runit',
  '/usr/bin/kube-controllers',
  '/usr/bin/check-status',
  '/usr/bin/calico-typha',
  '/calicoctl',
  '/install-cni.sh',
];

/**
 * Stand-ins under the names of upstream's images of a version (`v3.32.1`), for both of upstream's registries. They do
 * nothing but what an upgrade looks at: see standins/calico/main.go.
 */
export async function calicoStandIns(version: string): Promise<readonly Image[]> {
  const links = Object.fromEntries(paths.map((path): [string, Entry] => [path, { link: program }]));
  const entries = { [program]: { file: await goProgram('calico') }, '/VERSION': { text: `${version}\n` }, ...links };
  const configs = ['docker.io', 'quay.io'].flatMap((registry) =>
    names.map((name): ImageConfig => Object.assign({ ref: `${registry}/calico/${name}:${version}` }, entrypoints[name])),
  );
  const archive = await writeArchive(entries, configs);
  return configs.map(({ ref }) => ({ ref, archive }));
}
