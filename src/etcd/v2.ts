import { type EtcdAccess, type EtcdOptions } from './access.ts';
import { etcdError } from './errors.ts';
import { v2Transport, type V2Answer } from './v2-transport.ts';

/** A leaf of etcd's v2 keys. `path` is the key as etcd prints it, without `/v2/keys`. */
export interface V2Leaf {
  readonly path: string;
  readonly value: string;
  /** etcd's index of the last change of this key. */
  readonly modifiedIndex: number;
}

/** etcd's v2 keys API. Every read goes through the quorum. */
export interface EtcdV2 {
  /** A key's value; undefined where there is none or a directory. */
  read(path: string): Promise<V2Leaf | undefined>;
  /**
   * What lies below a directory, sorted; empty when it is missing. `all`: every leaf; `children`: the direct children, where a directory counts as a
   * leaf with the value `''`. A key that is no directory is its own leaf.
   */
  leaves(path: string, depth: 'all' | 'children'): Promise<readonly V2Leaf[]>;
  /** Writes `to` if the value is `from`. False when it is another one or missing. A broken connection is an error `lost`: the write may have happened. */
  swap(path: string, from: string, to: string): Promise<boolean>;
  write(path: string, value: string): Promise<void>;
  remove(path: string): Promise<void>;
  /**
   * etcd's index now: what changes later gets a higher `modifiedIndex`.
   * @param path a key that the user may read; default: the root
   */
  index(path?: string): Promise<number>;
  close(): void;
}

/** Nothing is contacted before the first call. @throws EtcdError from every call */
export function connectV2(access: EtcdAccess, options: EtcdOptions = {}): EtcdV2 {
  const { send, close } = v2Transport(access, options);
  return {
    async read(path) {
      const { node } = await found(send('GET', path, { quorum: 'true' }));
      return node && !node.dir ? leafOf(node) : undefined;
    },
    async leaves(path, depth) {
      const query = { quorum: 'true', sorted: 'true', ...(depth === 'all' && { recursive: 'true' }) };
      const { node } = await found(send('GET', path, query));
      return node && !node.dir ? [leafOf(node)] : [...leavesBelow(node, depth)];
    },
    async swap(path, from, to) {
      const answer = await send('PUT', path, { prevValue: from, prevExist: 'true' }, to);
      if (answer.status < 300) return true;
      if (answer.errorCode === COMPARE_FAILED || answer.errorCode === KEY_NOT_FOUND) return false;
      throw refusal(answer);
    },
    async write(path, value) {
      const answer = await send('PUT', path, {}, value);
      if (answer.status >= 300) throw refusal(answer);
    },
    async remove(path) {
      await found(send('DELETE', path, {}));
    },
    async index(path = '/') {
      return (await found(send('GET', path, { quorum: 'true' }))).index;
    },
    close,
  };
}

const KEY_NOT_FOUND = 100;
const COMPARE_FAILED = 101;
const NO_USER = 110;

interface V2Node {
  readonly key: string;
  readonly dir?: boolean;
  readonly value?: string;
  readonly nodes?: readonly V2Node[];
  readonly modifiedIndex: number;
}

/** The node that was answered; none where the key is missing. */
async function found(request: Promise<V2Answer>): Promise<{ readonly node?: V2Node; readonly index: number }> {
  const answer = await request;
  if (answer.errorCode === KEY_NOT_FOUND) return { index: answer.index };
  if (answer.status >= 300) throw refusal(answer);
  return { node: answer.body['node'] as V2Node, index: answer.index };
}

function* leavesBelow(node: V2Node | undefined, depth: 'all' | 'children'): Generator<V2Leaf> {
  for (const child of node?.nodes ?? []) {
    if (child.dir && depth === 'all') yield* leavesBelow(child, depth);
    else yield leafOf(child);
  }
}

function leafOf({ key, value = '', modifiedIndex }: V2Node): V2Leaf {
  return { path: key, value, modifiedIndex };
}

/** Never quotes the cause that etcd gives: for a failed comparison it holds values. */
function refusal({ status, errorCode, body, url }: V2Answer): Error {
  const denied = status === 401 || status === 403 || errorCode === NO_USER;
  const said = typeof body['message'] === 'string' ? body['message'] : `HTTP ${status}`;
  if (status === 404 && errorCode === undefined) {
    return etcdError('refused', 'etcd v2', `${url} does not serve the v2 API (HTTP 404); start etcd with --enable-v2=true`);
  }
  const reason = denied ? 'denied' : status >= 500 ? 'lost' : 'refused';
  return etcdError(reason, 'etcd v2', `${url} answered: ${said}`);
}
