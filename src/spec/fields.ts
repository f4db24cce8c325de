/** Field types that several kinds of upgrade share. */
import * as z from 'zod';

/** An error text of two parts; `explanation` in issue-text.ts takes it apart. */
function explain(message: string, fix: string): string {
  return `${message}; ${fix}`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** A line break or a space in an image would be found only by the kubelet, in the middle of an upgrade. */
function isOneWord(text: string): boolean {
  return /^[^\s{}]+$/.test(text);
}

/** `90s`, `30m`, `2h` in the file; seconds in the code. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}(s|m|h)$/, explain('is not a duration', 'write a whole number and a unit, such as 90s, 30m or 2h'))
  .transform((text) => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 1))
  .describe('A whole number with a unit: `90s`, `30m`, `2h`.');

const NO_RELEASE = explain('is not a release', "write the vendor's full tag, such as v3.32.1");

/** A release tag of a vendor, such as `v3.32.1`. */
export const release = z
  .string({ error: NO_RELEASE })
  .regex(/^v\d+\.\d+\.\d+$/, NO_RELEASE)
  .describe("The vendor's full release tag, such as `v3.32.1`.");

/** A file below the folder of the spec. */
export const filePath = z
  .string()
  .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\0]+$/, explain('is not a path below the folder of this file', 'write a relative path without "..", such as vendor/calico.yaml'))
  .describe('A path below the folder of this file; `hookwave vendor` stores the file and pins its digest.');

/** A name that may become part of Kubernetes object names. */
export const objectName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, explain('is not a valid Kubernetes name', 'use lower-case letters, digits and "-", beginning and ending with a letter or digit'));

export const planDigest = z
  .string()
  .regex(/^[0-9a-f]{8}$/, explain('is not a plan digest', 'copy the 8 hex digits that `hookwave plan` prints'));

export const runner = z
  .strictObject({
    image: z.string().min(1).refine(isOneWord, explain('is no image reference', 'write registry/path:tag, without spaces')).optional().describe('Image of the runner. Default: the image of this hookwave release.'),
    imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent').describe('Pull policy of the runner image.'),
    namespace: objectName
      .max(63)
      .optional()
      .describe('An existing namespace for the hooks and the run record; it must allow host-network Pods. Default: `hookwave-<name>`, emitted with the labels it needs.'),
  })
  .prefault({})
  .describe('The image that runs the hooks, and where.');
