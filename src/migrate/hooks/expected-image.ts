import { parseImage, type ImageReference } from '../../calico/images.ts';

/** The image that the new DaemonSet must carry. */
export interface ExpectedImage {
  readonly text: string;
  /** @throws TypeError when the text is no image reference */
  matches(image: string): boolean;
}

/**
 * An expected image: repositories are compared from their end, at slashes, so `calico/node:v3.1.1` is also found behind any registry or mirror; tag or digest must be the same
 * (upstream takes the text for a regular expression, in which v3.1.1 matches v3.1.10).
 * @throws TypeError when it is no image reference, or one without tag and digest
 */
export function expectedImage(text: string): ExpectedImage {
  const expected = parseImage(text);
  if (expected.tag === undefined && expected.digest === undefined) throw new TypeError(`"${text}" has neither tag nor digest`);
  return {
    text,
    matches(image) {
      const actual = parseImage(image);
      const same = expected.digest === undefined ? actual.tag === expected.tag : actual.digest === expected.digest;
      return same && `/${repository(actual)}`.endsWith(`/${written(expected)}`);
    },
  };
}

function written({ registry, path }: ImageReference): string {
  return registry === undefined ? path : `${registry}/${path}`;
}

/** With the registry that is meant where none is written. */
function repository({ registry = 'docker.io', path }: ImageReference): string {
  return `${registry}/${path}`;
}
