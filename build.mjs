// Bundles into dist/: the command line, the cdk8s app of this repository, the runner of the image, and the library, which uses the app's own cdk8s.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { etcdProtocol } from './build/etcd-protocol.mjs';
import { lean } from './build/lean.mjs';

const common = { bundle: true, platform: 'node', target: 'node20', minifyWhitespace: true, minifySyntax: true, legalComments: 'none', logLevel: 'warning' };

await rm('dist', { recursive: true, force: true });
await Promise.all([
  build({
    ...common,
    entryPoints: { hookwave: 'src/cli/main.ts', 'examples-app': 'src/cli/examples-app.ts' },
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    plugins: [etcdProtocol, lean],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  }),
  build({ ...common, minifyWhitespace: false, minifySyntax: false, entryPoints: { index: 'src/index.ts' }, outdir: 'dist', format: 'esm', packages: 'external' }),
  build({ ...common, entryPoints: { runner: 'src/runner/main.ts' }, outdir: 'dist', outExtension: { '.js': '.cjs' }, format: 'cjs', plugins: [etcdProtocol, lean] }),
]);
