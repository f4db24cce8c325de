import type { Cluster } from '../kube/cluster.ts';
import { configMapRecord } from '../kube/config-map-record.ts';
import { findRecords, type FoundRecord } from '../kube/find-records.ts';
import type { ConfigMap } from '../kube/record-config-map.ts';
import { CONFIG_MAPS } from '../kube/resources.ts';
import { systemClock } from '../kube/system-clock.ts';
import { type Approval, approvalFor, retryApproval } from '../plan/record.ts';
import type { Clock } from '../steps/step.ts';
import { connectFor } from './connect.ts';
import { CommandFailed, type Io } from './io.ts';
import { whoAmI } from './who-am-i.ts';

export interface ApproveOptions {
  readonly name: string;
  /** @default where the record is found */
  readonly namespace?: string | undefined;
  /** Another try of a frozen plan, instead of the cleanup. @default false */
  readonly retry?: boolean;
  /** @default the user as the API server knows it */
  readonly by?: string;
  /** Starts the next sync where that is possible. @default true */
  readonly sync?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Starts the sync that acts on an approval; says what it did, or what to do. Gets the tracked marker of the upgrade. */
export type StartNextSync = (cluster: Cluster, marker: ConfigMap) => Promise<string>;

/** `hookwave approve`. @throws CommandFailed when there is nothing to approve */
export async function approve(options: ApproveOptions, io: Io, startNextSync?: StartNextSync): Promise<void> {
  const cluster = await connectFor(options);
  const by = options.by ?? (await whoAmI(cluster));
  return runApprove({ ...options, by }, io, { cluster, clock: systemClock, startNextSync });
}

export interface ApproveParts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly startNextSync?: StartNextSync | undefined;
}

export async function runApprove(options: ApproveOptions & { readonly by: string }, io: Io, { cluster, clock, startNextSync }: ApproveParts): Promise<void> {
  const found = await theRecord(cluster, options);
  const { given, ...wanted } = options.retry ? retryOf(found) : cleanupOf(found);
  const { what, plan } = wanted;
  if (given) io.out(`${what} of plan ${plan} was already approved by ${given.by} at ${given.at}\n`);
  else {
    const store = configMapRecord({ cluster, clock, identity: found, signal: new AbortController().signal });
    await store.approve({ ...wanted, by: options.by, at: new Date(clock.now()).toISOString() });
    io.out(`approved: ${what} of plan ${plan} of ${found.upgrade}, by ${options.by}\n`);
  }
  const marker = await cluster.get<ConfigMap>(CONFIG_MAPS, `hookwave-${found.upgrade}-plan`, found.namespace);
  const starts = options.sync !== false && startNextSync !== undefined && marker !== undefined;
  io.out(`${starts ? await startNextSync(cluster, marker) : HINT}\n`);
}

const HINT = 'the next sync acts on it: sync the application once more (with Argo CD: `argocd app sync`, without selecting resources)';

interface Wanted extends Pick<Approval, 'what' | 'plan' | 'freeze'> {
  /** The approval that is already there. */
  readonly given: Approval | undefined;
}

async function theRecord(cluster: Cluster, { name, namespace }: ApproveOptions): Promise<FoundRecord> {
  const [found, ...more] = await findRecords(cluster, { name, namespace });
  if (!found) throw new CommandFailed(`there is no run record of upgrade ${name}${namespace ? ` in namespace ${namespace}` : ''}, so there is nothing to approve; has it been synced?`);
  if (more.length > 0) throw new CommandFailed(`upgrade ${name} has run records in ${[found, ...more].map((one) => one.namespace).join(', ')}; choose one with --namespace`);
  return found;
}

function retryOf({ upgrade, record: { run }, approvals }: FoundRecord): Wanted {
  if (run?.state !== 'frozen') throw new CommandFailed(`upgrade ${upgrade} is not frozen${run ? ` but ${run.state}` : ''}, so there is no try to approve; \`hookwave status ${upgrade}\` shows how it stands`);
  return { what: 'retry', plan: run.plan, ...(run.freeze && { freeze: run.freeze.at }), given: retryApproval(run, approvals, run.plan) };
}

/** Only a step that waits can be approved: what nobody has seen verified, nobody should clean up. */
function cleanupOf({ upgrade, record: { run, steps }, approvals }: FoundRecord): Wanted {
  if (run?.state === 'frozen') throw new CommandFailed(`upgrade ${upgrade} is frozen, so nothing is to be cleaned up; \`hookwave approve ${upgrade} --retry\` lets it try again`);
  const [waiting] = Object.values(steps).filter(({ outcome }) => outcome === 'blocked').sort((a, b) => (a.at < b.at ? 1 : -1));
  if (!waiting) throw new CommandFailed(`nothing of upgrade ${upgrade} waits for an approval${run ? `; it is ${run.state}` : ''}`);
  return { what: 'cleanup', plan: waiting.plan, given: approvalFor(approvals, 'cleanup', waiting.plan) };
}
