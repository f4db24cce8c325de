// Bundles into dist/: the command line, the cdk8s app of this repository, the runner of the image, and the library, which uses the app's own cdk8s.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { etcdProtocol } from './build/etcd-protocol.mjs';
import { lean } from './build/lean.mjs';

const common = { bundle: true, platform: 'node', target: 'node20', minifyWhitespace: true, minifySyntax: true, legalComments: 'none', logLevel: 'warning' };

/** A file for each part that is loaded on its own: reading code that is not run is what takes most of the time of a short run. */
const split = {
  ...common,
  format: 'esm',
  splitting: true,
  plugins: [etcdProtocol, lean],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
await Promise.all([
  build({ ...split, entryPoints: { hookwave: 'src/cli/main.ts', 'examples-app': 'src/cli/examples-app.ts' }, outdir: 'dist' }),
  build({ ...common, minifyWhitespace: false, minifySyntax: false, entryPoints: { index: 'src/index.ts' }, outdir: 'dist', format: 'esm', packages: 'external' }),
  build({ ...split, entryPoints: { main: 'src/runner/main.ts' }, outdir: 'dist/runner', outExtension: { '.js': '.mjs' } }),
  writeFile('dist/runner.cjs', "import('./runner/main.mjs');\n"),
]);
