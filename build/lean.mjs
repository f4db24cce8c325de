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
  },
};
