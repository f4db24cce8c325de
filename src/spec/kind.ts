import type { z } from 'zod';
import type { Problem } from './problem.ts';

export const API_VERSION = 'hookwave.dev/v1alpha1';

/** Longest `metadata.name`: it becomes part of object names, and names are never cut. */
export const MAX_NAME_LENGTH = 24;

/** A file that a spec refers to, read once. */
export interface InputFile {
  /** As the spec names it. */
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/** A spec with everything that synthesis needs. */
export interface Upgrade<S> {
  readonly kind: string;
  readonly name: string;
  readonly spec: S;
  /** Files by their path in the spec. */
  readonly files: ReadonlyMap<string, InputFile>;
}

/** One kind of upgrade as the spec layer sees it. */
export interface SpecKind<S extends z.ZodType = z.ZodType> {
  readonly kind: string;
  /** One sentence for help and reference pages. */
  readonly summary: string;
  readonly schema: S;
  /** What `hookwave init` writes: a commented template. */
  readonly template: string;
  /** Paths of the files that the spec refers to, each with its place in the spec. */
  files(spec: z.output<S>): readonly FileReference[];
  /** Rules that go beyond types: between fields, and between the spec and its files. */
  check(upgrade: Upgrade<z.output<S>>): readonly Omit<Problem, 'file'>[];
}

export interface FileReference {
  readonly path: string;
  /** Where the spec names it, such as `spec.install.manifest`. */
  readonly at: string;
}
