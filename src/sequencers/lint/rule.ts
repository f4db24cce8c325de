import type { LintOptions, ManifestSet } from './model.ts';
import type { Manifest, Path } from '../manifests/manifest.ts';

export const LEVELS = ['error', 'warning', 'info'] as const;
export type Level = (typeof LEVELS)[number];

/** What a rule says about one place; the rule gives code, level and the usual fix. */
export interface Remark {
  readonly object?: Manifest;
  /** Path inside the object. @default the object itself */
  readonly path?: Path;
  /** Where there is no object. */
  readonly place?: { readonly file: string; readonly line: number };
  readonly message: string;
  /** @default the rule's fix */
  readonly fix?: string;
}

export interface Rule {
  /** Stable, kebab-case; the name of its file and page. */
  readonly code: string;
  readonly level: Level;
  readonly title: string;
  /** What goes wrong and why. */
  readonly why: string;
  /** Where the fact comes from: project, file and version, or issue. */
  readonly source: string;
  readonly fix: string;
  /** Manifests that break the rule. */
  readonly bad: string;
  /** The same, mended. */
  readonly good: string;
  /** `application`: looks at the set as a whole, so that its examples are whole applications. `template`: looks at the chart before it is rendered, and so do its examples. @default object */
  readonly scope?: 'object' | 'application' | 'template';
  /** Options without which the rule keeps quiet. */
  readonly needs?: LintOptions;
  /** Other rules that its bad example breaks too, necessarily. */
  readonly also?: readonly string[];
  check(set: ManifestSet): Iterable<Remark>;
}

/** A remark, complete. */
export interface Finding {
  readonly code: string;
  readonly level: Level;
  readonly object?: { readonly apiVersion: string; readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** Annotation or field, such as `spec.template`. */
  readonly path?: string;
  readonly message: string;
  readonly fix: string;
}
