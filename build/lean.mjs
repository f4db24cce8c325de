import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const yaml = createRequire(import.meta.url).resolve('yaml');

/** esbuild plugin: start-up is mostly reading code, so what is never used stays out of the bundles. */
export const lean = {
  name: 'lean',
  setup({ onLoad, onResolve }) {
    // cdk8s brings a copy of its own, of the same version.
    onResolve({ filter: /^yaml$/ }, () => ({ path: yaml }));
    // Messages in fifty languages; English is the one that zod sets by itself.
    onLoad({ filter: /zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({ contents: "export { default as en } from './en.js';", loader: 'js' }));
    // By default zod compiles a function for each schema, which pays for itself only after many values.
    onLoad({ filter: /zod[/\\]v4[/\\]core[/\\]core\.js$/ }, async ({ path }) => ({ contents: `${await readFile(path, 'utf8')}\nconfig({ jitless: true });\n`, loader: 'js' }));
    // To import one of Node's modules, Node reads each of its properties, and loads what is behind them: the standard input, all root certificates, the web's cryptography.
    onResolve({ filter: /^(node:)?(process|crypto|tls)$/ }, ({ path, namespace }) => (namespace === 'required' ? { path, external: true } : { path: path.replace('node:', ''), namespace: 'required' }));
    onLoad({ filter: /^process$/, namespace: 'required' }, () => ({ contents: 'module.exports = process;' }));
    onLoad({ filter: /^(crypto|tls)$/, namespace: 'required' }, ({ path }) => ({ contents: `module.exports = require('node:${path}');` }));
    // commander could run other programs as commands, and loads for it what talks to them.
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) => (/[/\\]commander[/\\]/.test(importer) ? { path: 'child_process', namespace: 'required' } : undefined));
    onLoad({ filter: /^child_process$/, namespace: 'required' }, () => ({ contents: "module.exports = { spawn: (...args) => require('node:child_process').spawn(...args) };" }));
  },
};
