import type { Manifest } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { exampleObject } from '../example.ts';

/** Bytes of all keys and values together. */
export const ANNOTATIONS_LIMIT = 256 * 1024;

export const annotationsTooLarge: Rule = {
  code: 'annotations-too-large',
  level: 'error',
  title: 'the annotations of an object are too large',
  why: 'The API server refuses an object whose annotations, keys and values together, have more than 256 KiB, in whatever way it is applied.',
  source: 'kubernetes v1.34 apimachinery/pkg/api/validation/objectmeta.go (TotalAnnotationSizeLimitB)',
  fix: 'move the data into a ConfigMap',
  bad: exampleObject('v1', 'ServiceAccount', 'agent', [`example.com/data: ${'x'.repeat(ANNOTATIONS_LIMIT)}`]),
  good: exampleObject('v1', 'ServiceAccount', 'agent', ['example.com/data: see ConfigMap agent']),
  also: ['server-side-apply-required'],
  *check({ objects }) {
    for (const object of objects) {
      const size = object.text.length * 3 > ANNOTATIONS_LIMIT ? ownAnnotations(object) : 0;
      if (size > ANNOTATIONS_LIMIT) yield { object, path: ['metadata', 'annotations'], message: `${Math.round(size / 1024)} KiB of annotations, ${ANNOTATIONS_LIMIT / 1024} KiB are taken` };
    }
  },
};

/** Bytes of an object's own annotations, as the API server counts them. */
export function ownAnnotations({ annotations }: Manifest): number {
  return Object.entries(annotations).reduce((sum, [key, value]) => sum + bytes(key) + bytes(value), 0);
}

export function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
