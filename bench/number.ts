/** What a whole process took; medians where it ran several times. */
export interface Figures {
  readonly wallMs: number;
  /** User and system time, children included. */
  readonly cpuMs: number;
  /** Of the largest process. */
  readonly rssMiB: number;
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  /** Ours divided by the peer's. */
  readonly ratio: string;
  readonly goal: string;
  /** `undefined` where there is no goal. */
  readonly met: boolean | undefined;
  /** What the reader has to know: how it was measured, why it falls short. */
  readonly note?: string;
}

export interface BenchContext {
  /** Counted runs of each command. */
  readonly runs: number;
  /** For whatever a number writes; deleted at the end. */
  readonly folder: string;
}

/** A number that `npm run bench` prints. */
export interface BenchNumber {
  readonly name: string;
  readonly about: string;
  /** What makes it slow; such numbers run only when they are named, or with `--cluster`. */
  readonly needs?: 'cluster' | 'etcd';
  run(context: BenchContext): Promise<readonly Row[]>;
}
