import manifest from '../package.json' with { type: 'json' };

/** Release of hookwave, without `v`. */
export const VERSION: string = manifest.version;

/** The runner image of this release. */
export const RUNNER_IMAGE = `docker.io/hookwave/runner:v${VERSION}`;
