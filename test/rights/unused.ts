/** Rights that the scenarios do not use, each with the reason why it is given all the same. Reviewed: an entry without need goes, with its right. */
export interface Unused {
  /** Names of accounts. @default all */
  readonly accounts?: readonly string[];
  /** @default all */
  readonly verbs?: readonly string[];
  readonly group: string;
  /** @default all */
  readonly resources?: readonly string[];
  readonly reason: string;
  /** Some runs use it, others don't: it depends on timing. */
  readonly sometimes?: boolean;
}

export const UNUSED: readonly Unused[] = [
  { group: 'projectcalico.org', reason: 'the other API group: clusters with calico-apiserver or native v3 definitions; the scenarios store v1' },
];
