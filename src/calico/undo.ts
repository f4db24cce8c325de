/** What the preparation of host endpoints has changed: ConfigMap `hookwave-<upgrade>-endpoints`, written before each change, so that a kill loses nothing. */
import type { Cluster, KubeObject } from '../kube/cluster.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../kube/errors.ts';
import { CONFIG_MAPS } from '../kube/resources.ts';
import type { UpgradeIdentity } from '../steps/step.ts';
import { undoName } from './undo-name.ts';

export interface Undo {
  readonly schema: 1;
  /** Endpoints that get their label from hookwave; others with the label had it before. */
  readonly endpoints: readonly string[];
  /** Whether hookwave makes the temporary policy. */
  readonly policy: boolean;
  /** What the cleanup has taken away, to put it back at once by `kubectl apply`: the policy and the endpoints that carried the label. */
  readonly removed?: { readonly policies: readonly KubeObject[]; readonly endpoints: readonly string[] };
}

const NOTHING_TO_UNDO: Undo = { schema: 1, endpoints: [], policy: false };

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const KEY = 'undo.json';

/** The policies that were removed, for `kubectl apply`. */
const POLICY_KEY = 'policy.json';

/** @throws Error when it holds no JSON or is of a newer schema */
export async function readUndo(cluster: Cluster, identity: UpgradeIdentity): Promise<Undo> {
  return parse(await cluster.get<ConfigMap>(CONFIG_MAPS, undoName(identity), identity.namespace), identity);
}

const ATTEMPTS = 10;

/** Read, change, write; again on conflict. Writes nothing when `change` returns its argument. */
export async function changeUndo(cluster: Cluster, identity: UpgradeIdentity, change: (undo: Undo) => Undo): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const configMap = await cluster.get<ConfigMap>(CONFIG_MAPS, undoName(identity), identity.namespace);
    const undo = parse(configMap, identity);
    const next = change(undo);
    if (next === undo) return;
    try {
      await write(cluster, identity, configMap, next);
      return;
    } catch (error) {
      const hasMoved = isConflict(error) || isAlreadyExists(error) || isNotFound(error);
      if (!hasMoved || attempt === ATTEMPTS) throw error;
    }
  }
}

async function write(cluster: Cluster, identity: UpgradeIdentity, configMap: ConfigMap | undefined, undo: Undo): Promise<void> {
  const items = undo.removed?.policies;
  const data = { [KEY]: jsonText(undo), ...(items && { [POLICY_KEY]: jsonText({ apiVersion: 'v1', kind: 'List', items }) }) };
  if (configMap) {
    await cluster.mergePatch(CONFIG_MAPS, configMap, { data });
    return;
  }
  const { upgrade, namespace } = identity;
  const labels = { 'app.kubernetes.io/managed-by': 'hookwave', 'hookwave.dev/upgrade': upgrade };
  await cluster.create<ConfigMap>(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: undoName(identity), namespace, labels }, data });
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function parse(configMap: ConfigMap | undefined, identity: UpgradeIdentity): Undo {
  const text = configMap?.data?.[KEY];
  if (text === undefined) return NOTHING_TO_UNDO;
  const where = `ConfigMap ${identity.namespace}/${undoName(identity)}, key ${KEY},`;
  const undo = parseJson(text) as Partial<Undo> | undefined;
  if (undo?.schema !== 1) throw new Error(`${where} is no undo data of schema 1; use the release that wrote it, or correct it by hand`);
  return { ...NOTHING_TO_UNDO, ...undo };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
