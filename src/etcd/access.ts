/** How an etcd cluster is reached. Certificates are PEM text, not paths: reading files is the caller's work. */
export interface EtcdAccess {
  /** URLs such as `https://10.0.0.1:2379`; all of one scheme. At least one. */
  readonly endpoints: readonly string[];
  /** Used only together with `password`. */
  readonly username?: string;
  readonly password?: string;
  /** Certificates of the authorities that sign the server's certificate. @default the system's */
  readonly ca?: string;
  /** Client certificate and its key; both or none. */
  readonly cert?: string;
  readonly key?: string;
}

export interface EtcdOptions {
  /** Deadline of one call in milliseconds. @default 30000, as upstream's v2 client has it */
  readonly callTimeoutMs?: number;
  /** Ends every call that is under way. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_CALL_TIMEOUT_MS = 30_000;
