/** Calico's objects as Calico reads them, whatever the API and the storage rules they came through. */
import type { KubeObject } from '../kube/cluster.ts';

export interface HostEndpoint {
  readonly name: string;
  /** As Calico reads them: native labels joined with those that Calico keeps in an annotation. */
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: { readonly node?: string; readonly interfaceName?: string; readonly profiles?: readonly string[] };
  /** The object as it came from the API. */
  readonly stored: KubeObject;
}

export type Direction = 'ingress' | 'egress';
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** One rule of a policy; every field but `action` and `metadata` narrows what it matches. */
export interface Rule {
  readonly action: string;
  readonly protocol?: string | number;
  readonly source?: RuleEntity;
  readonly destination?: RuleEntity;
  readonly [narrowing: string]: unknown;
}

export interface RuleEntity {
  readonly nets?: readonly string[];
  readonly ports?: readonly (string | number)[];
  readonly selector?: string;
  readonly [narrowing: string]: unknown;
}

export interface PolicySpec {
  readonly tier?: string;
  readonly order?: number | null;
  readonly selector?: string;
  readonly namespaceSelector?: string;
  readonly serviceAccountSelector?: string;
  readonly types?: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
  readonly applyOnForward?: boolean;
  readonly preDNAT?: boolean;
  readonly doNotTrack?: boolean;
}

export interface GlobalPolicy {
  /** Name in projectcalico.org/v3, without the prefix `default.` of older storage. */
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PolicySpec;
  readonly stored: KubeObject;
}

export interface Tier {
  readonly name: string;
  readonly order?: number | null;
  /** What happens at the end of the tier to traffic that one of its policies covers. @default Deny */
  readonly defaultAction?: string;
}
