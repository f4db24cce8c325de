import { apiPath, selectors, withQuery } from './api-path.ts';
import type { KubeObject, Resource, Selection } from './cluster.ts';
import { ApiError } from './errors.ts';
import type { ApiRequest } from './exchange.ts';

export interface Listing<T extends KubeObject> {
  readonly objects: readonly T[];
  /** Version of the whole list, where a watch goes on. */
  readonly resourceVersion: string;
}

interface Page<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[] | null;
}

export type Send = <T>(request: ApiRequest) => Promise<T>;

const PAGE_SIZE = 500;

/** All pages of a list. A list whose continue token has expired (410) is read again from its start. */
export async function listAll<T extends KubeObject>(send: Send, resource: Resource, selection: Selection): Promise<Listing<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listPages(send, resource, selection);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 410) || attempt === 3) throw error;
    }
  }
}

async function listPages<T extends KubeObject>(send: Send, resource: Resource, selection: Selection): Promise<Listing<T>> {
  const objects: T[] = [];
  for (let token: string | undefined; ; ) {
    const path = withQuery(apiPath(resource, selection.namespace), { ...selectors(selection), limit: PAGE_SIZE, continue: token });
    const { metadata, items } = await send<Page<T>>({ method: 'GET', path });
    for (const item of items ?? []) objects.push(named(resource, item));
    token = metadata.continue || undefined;
    if (token === undefined) return { objects, resourceVersion: metadata.resourceVersion };
  }
}

/** Items of built-in lists come without apiVersion and kind. */
function named<T extends KubeObject>({ group, version, kind }: Resource, item: T): T {
  return lean({ ...item, apiVersion: group === '' ? version : `${group}/${version}`, kind });
}

/** Without the managed fields, which are more than half of a Pod: with them, those of 2,000 nodes don't fit into a hook's memory. Only `get` gives them. */
export function lean<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
