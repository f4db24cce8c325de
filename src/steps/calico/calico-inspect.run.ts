import { assess, type Installed, type Partial, type Target } from '../../calico/assess.ts';
import { detectDatastore, type Datastore } from '../../calico/datastore.ts';
import { calicoctlProblems, preflightProblems, type Node, type Problem } from '../../calico/preflight.ts';
import { rowsCrossed } from '../../calico/releases.ts';
import type { Deployment, Pod } from '../../calico/workloads.ts';
import type { RunRecord } from '../../plan/record.ts';
import { DEPLOYMENTS, NODES, PODS } from '../../kube/resources.ts';
import type { StepContext, StepResult, StepRun } from '../step.ts';
import { CALICOCTL } from './calico-ctl-remove.ts';
import { calicoInspect } from './calico-inspect.ts';
import { workloadOf } from '../rollout/workload-params.ts';

type Params = ReturnType<typeof calicoInspect.params.parse>;

export const runCalicoInspect: StepRun<typeof calicoInspect.params> = async (params, context) => {
  const { cluster, identity } = context;
  const target: Target = { plan: identity.plan, from: params.from, to: params.to };
  const { record } = await context.record.read();
  const found = await assess(cluster, workloadOf(params), target, record);
  if (found.due === 'absent' || found.due === 'done') return { outcome: 'already', message: found.reason };
  const calicoctl = calicoctlProblems(await cluster.get<Pod>(PODS, CALICOCTL, params.namespace), params.to, params.calicoctl);
  const datastore = await detectDatastore(cluster, params.namespace);
  const install = found.due === 'partial' ? [partialProblem(found)] : await installProblems(params, context, found, target, record);
  const problems = [...datastoreProblem(datastore), ...install, ...calicoctl];
  if (found.due === 'partial' || problems.length > 0) return failure(problems);
  context.report.event('datastore', datastore.reason, { datastore });
  reportWay(params, context, found);
  return { outcome: 'done', message: `due: ${params.from} to ${params.to}, ${found.due}: ${found.reason}` };
};

function partialProblem({ reason }: Partial): Problem {
  return { message: reason, fix: 'correct namespace and variant of the manifest, or remove the rest of the old install' };
}

function datastoreProblem({ is, reason }: Datastore): readonly Problem[] {
  if (is === 'kubernetes') return [];
  return [{ message: `Calico's data is not in the Kubernetes API: ${reason}`, fix: 'this recipe needs the Kubernetes datastore; move the data first, or restore the CRDs of Calico' }];
}

async function installProblems(params: Params, { cluster }: StepContext, installed: Installed, target: Target, record: RunRecord): Promise<readonly Problem[]> {
  const [nodes, ...deployments] = await Promise.all([
    cluster.list<Node>(NODES),
    ...params.deployments.map(async (name) => [name, await cluster.get<Deployment>(DEPLOYMENTS, name, params.namespace)] as const),
  ]);
  return preflightProblems({ installed, workload: workloadOf(params), target, record, nodes, deployments: new Map(deployments) });
}

function failure(problems: readonly Problem[]): StepResult {
  const [first] = problems;
  if (problems.length === 1 && first) return { outcome: 'failed', exitCode: 10, message: first.message, next: first.fix };
  return {
    outcome: 'failed',
    exitCode: 10,
    message: `${problems.length} problems:\n${problems.map(({ message }) => `- ${message}`).join('\n')}`,
    next: [...new Set(problems.map(({ fix }) => fix))].join('; '),
  };
}

function reportWay({ from, to }: Params, { report }: StepContext, { clusterVersion, oldest, supersedes }: Installed): void {
  report.event('live-version', `runs ${oldest ?? 'an unknown version'}; ClusterInformation says ${clusterVersion ?? 'nothing'}`, { oldest, clusterVersion });
  if (supersedes) report.event('takes-over', `takes over the unfinished plan ${supersedes.plan}, ${supersedes.from} to ${supersedes.to}`, { plan: supersedes.plan });
  for (const { release, severity, change, action, by } of rowsCrossed(from, to, 'manifest-kubernetes')) {
    report.event('release-row', `${release}: ${change}; ${action}`, { release, severity, by });
  }
}
