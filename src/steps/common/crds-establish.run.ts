import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { KubeObject } from '../../kube/cluster.ts';
import { isAlreadyExists } from '../../kube/errors.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../kube/resources.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import { type CrdOutline, crdOutlineSchema, type crdsEstablish } from './crds-establish.ts';

interface Crd extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] };
}

const POLL_MS = 250;

/** The sequencer judges definitions by its own watch, which runs behind the API server (seen with Argo CD 3.2 on a busy machine). */
const SETTLE_MS = 5000;

/** Waits until the step's deadline for an API server that does not accept a definition, then says which and why. */
export const runCrdsEstablish: StepRun<typeof crdsEstablish.params> = async ({ file }, context) => {
  const wanted = z.array(crdOutlineSchema).parse(JSON.parse(await readFile(file, 'utf8')));
  const { missing, pending } = await compare(context, wanted);
  if (missing.length + pending.length === 0) return { outcome: 'already', message: `all ${wanted.length} custom resource definitions are established` };
  for (const outline of missing) await create(context, outline);
  const refused = await untilEstablished(context, wanted);
  if (refused) return refused;
  await context.clock.sleep(SETTLE_MS, context.signal);
  return { outcome: 'done', message: `created and established: ${[...missing, ...pending].map(({ name }) => name).join(', ')}` };
};

async function compare({ cluster }: StepContext, wanted: readonly CrdOutline[]) {
  // One by one: all definitions of a cluster, with their schemas, are tens of megabytes.
  const live = new Map(await Promise.all(wanted.map(async ({ name }) => [name, await cluster.get<Crd>(CUSTOM_RESOURCE_DEFINITIONS, name)] as const)));
  const missing = wanted.filter(({ name }) => !live.get(name));
  const pending = wanted.filter(({ name }) => live.get(name) && !isEstablished(live.get(name)));
  return { missing, pending, live };
}

function isEstablished(crd: Crd | undefined): boolean {
  return crd?.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false;
}

/** Somebody else may have been faster. */
async function create({ cluster, report }: StepContext, outline: CrdOutline): Promise<void> {
  try {
    await cluster.create(CUSTOM_RESOURCE_DEFINITIONS, definition(outline));
    report.event('crd-created', `created ${outline.name} without its schema; the sync brings it`, { crd: outline.name });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

function definition({ name, approved, group, names, scope, versions }: CrdOutline): KubeObject & { readonly spec: object } {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name, ...(approved === undefined ? {} : { annotations: { 'api-approved.kubernetes.io': approved } }) },
    spec: { group, names, scope, versions: versions.map((version) => ({ ...version, schema })) },
  };
}

/** Nothing, or how the step ends when its time is over. */
async function untilEstablished(context: StepContext, wanted: readonly CrdOutline[]): Promise<StepResult | undefined> {
  for (let waiting = wanted; ; ) {
    const { missing, pending, live } = await compare(context, waiting);
    waiting = [...missing, ...pending];
    if (waiting.length === 0) return undefined;
    await context.clock.sleep(POLL_MS, context.signal).catch(() => undefined);
    if (context.signal.aborted) return notEstablished(waiting.map(({ name }) => `${name}: ${whyNot(live.get(name))}`));
  }
}

function whyNot(crd: Crd | undefined): string {
  if (!crd) return 'somebody has deleted it';
  const said = crd.status?.conditions?.filter(({ status }) => status === 'False').map(({ type, message }) => (message ? `${type}: ${message}` : type)) ?? [];
  return said.join(', ') || 'the API server has said nothing of it yet';
}

function notEstablished(definitions: readonly string[]): StepResult {
  return {
    outcome: 'failed',
    exitCode: 20,
    message: `the API server has not established ${definitions.join('; ')}`,
    next: 'mend what it complains of, such as another definition that has the same names; the next run looks again',
  };
}
