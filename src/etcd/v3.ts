import { rootCertificates } from 'node:tls';
import { noop } from 'cockatiel';
import { Etcd3, type IOptions, Range } from 'etcd3';
import { DEFAULT_CALL_TIMEOUT_MS, type EtcdAccess, type EtcdOptions } from './access.ts';
import { holdLease, type HeldLease } from './v3-lease.ts';
import { v3Error } from './v3-errors.ts';

export interface V3Value {
  readonly key: string;
  readonly value: string;
  /** The revision of the key's last change, a decimal number. */
  readonly modRevision: string;
  readonly createRevision: string;
}

/** What must be true for a transaction to happen. A revision of `'0'` means: there is no such key. */
export type V3Guard = { readonly key: string; readonly modRevision: string } | { readonly key: string; readonly createRevision: string };

export interface V3Transaction {
  readonly guards: readonly [V3Guard, ...V3Guard[]];
  readonly puts?: readonly { readonly key: string; readonly value: string; readonly lease?: string }[];
  readonly removes?: readonly string[];
}

/** etcd's limits for one request in its default configuration (`--max-txn-ops`, `--max-request-bytes` less room for the frame). */
export const MAX_TXN_OPERATIONS = 128;
export const MAX_TXN_BYTES = 1024 * 1024;

/** etcd's v3 API: linearizable reads, transactions, leases. */
export interface EtcdV3 {
  get(key: string): Promise<V3Value | undefined>;
  /** Values of up to `MAX_TXN_OPERATIONS` keys at one revision, in the order asked; undefined where there is none. */
  getMany(keys: readonly string[]): Promise<readonly (V3Value | undefined)[]>;
  /** Whether any key starts with the prefix. */
  hasAny(prefix: string): Promise<boolean>;
  /** All keys with the prefix, sorted, in pages. */
  list(prefix: string): AsyncGenerator<V3Value>;
  /** False when a guard did not hold: then nothing has changed. A broken connection is an error `lost`: it may have happened. */
  commit(transaction: V3Transaction): Promise<boolean>;
  /** A lease that is kept alive until it is released; `signal` is aborted when it is lost. */
  lease(ttlSeconds: number): Promise<HeldLease>;
  close(): void;
}

/** Nothing is contacted before the first call. @throws EtcdError from every call; RangeError at once for a certificate without its key */
export function connectV3(access: EtcdAccess, options: EtcdOptions = {}): EtcdV3 {
  const client = new Etcd3(clientOptions(access, options));
  const call = async <T>(work: () => PromiseLike<T>): Promise<T> => {
    options.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      options.signal?.throwIfAborted();
      throw v3Error(error, access.endpoints);
    }
  };
  return {
    get: (key) => call(async () => valueOf((await client.get(key).exec()).kvs[0])),
    getMany: (keys) => call(() => getMany(client, keys)),
    hasAny: (prefix) => call(async () => (await client.getAll().prefix(prefix).limit(1).keys()).length > 0),
    list: (prefix) => list(client, prefix, call),
    commit: (transaction) => call(() => commit(client, transaction)),
    lease: (ttlSeconds) => call(() => holdLease(client, ttlSeconds)),
    close: () => client.close(),
  };
}

const PAGE = 500;

async function getMany(client: Etcd3, keys: readonly string[]): Promise<readonly (V3Value | undefined)[]> {
  const [first] = keys;
  if (first === undefined) return [];
  // A transaction needs a condition: this one changes nothing, both ways read the same.
  const { responses } = await client
    .if(first, 'Version', '==', 0)
    .then(...keys.map((key) => client.get(key)))
    .else(...keys.map((key) => client.get(key)))
    .commit();
  return responses.map(({ response_range }) => valueOf(response_range?.kvs[0]));
}

async function* list(client: Etcd3, prefix: string, call: <T>(work: () => PromiseLike<T>) => Promise<T>): AsyncGenerator<V3Value> {
  const { end } = Range.prefix(prefix);
  let start = Buffer.from(prefix);
  while (true) {
    const { kvs, more } = await call(() => client.getAll().inRange({ start, end }).sort('Key', 'Ascend').limit(PAGE).exec());
    for (const stored of kvs) yield valueOf(stored);
    const last = kvs.at(-1);
    if (!more || !last) return;
    start = Buffer.concat([last.key, Buffer.from([0])]);
  }
}

async function commit(client: Etcd3, { guards, puts = [], removes = [] }: V3Transaction): Promise<boolean> {
  const [first, ...others] = guards.map(comparison);
  const compared = others.reduce((builder, [key, column, revision]) => builder.and(key, column, '==', revision), client.if(first![0], first![1], '==', first![2]));
  const written = puts.map(({ key, value, lease }) => (lease ? client.put(key).value(value).lease(lease) : client.put(key).value(value)));
  const { succeeded } = await compared.then(...written, ...removes.map((key) => client.delete().key(key))).commit();
  return succeeded;
}

function comparison(guard: V3Guard): [key: string, column: 'Mod' | 'Create', revision: number] {
  return 'modRevision' in guard ? [guard.key, 'Mod', Number(guard.modRevision)] : [guard.key, 'Create', Number(guard.createRevision)];
}

interface Stored {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly mod_revision: string;
  readonly create_revision: string;
}

function valueOf(stored: Stored): V3Value;
function valueOf(stored: Stored | undefined): V3Value | undefined;
function valueOf(stored: Stored | undefined): V3Value | undefined {
  return stored && { key: stored.key.toString(), value: stored.value.toString(), modRevision: stored.mod_revision, createRevision: stored.create_revision };
}

function clientOptions({ endpoints, username, password, ca, cert, key }: EtcdAccess, { callTimeoutMs = DEFAULT_CALL_TIMEOUT_MS }: EtcdOptions): IOptions {
  if ((cert === undefined) !== (key === undefined)) throw new RangeError('etcd v3: a client certificate and its key belong together; give both or none');
  const secure = endpoints.some((endpoint) => endpoint.startsWith('https:'));
  const pem = (text: string): Buffer => Buffer.from(text);
  return {
    hosts: [...endpoints],
    dialTimeout: Math.min(callTimeoutMs, DIAL_TIMEOUT_MS),
    // A stream (keep-alive of a lease) lives as long as it is used.
    defaultCallOptions: ({ isStream }) => (isStream ? {} : { deadline: Date.now() + callTimeoutMs }),
    // Who calls decides what is tried again: not every write may be.
    faultHandling: { global: noop, host: () => noop },
    ...(username && password && { auth: { username, password } }),
    ...(secure && { credentials: { rootCertificate: pem(ca ?? rootCertificates.join('\n')), ...(cert && key && { certChain: pem(cert), privateKey: pem(key) }) } }),
  };
}

/** As upstream's v3 client has it. */
const DIAL_TIMEOUT_MS = 10_000;
