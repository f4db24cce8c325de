import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { GENERATED } from '../output.ts';
import { hookJobs } from './adapt.ts';
import type { Parameter } from './parameters.ts';

/** README.md of the chart: how to install it, and its values. */
export function readmeMd(chart: UpgradeChart, parameters: readonly Parameter[], minutes: number): string {
  const { identity: { upgrade, namespace, plan }, summary: { kind, from, to, notes } } = chart;
  const timeout = `--timeout ${minutes}m`;
  const values = parameters.map(({ path, value, schema }) => `| \`${path.join('.')}\` | \`${String(value)}\` | ${String(schema['description'] ?? '').replaceAll('|', String.raw`\|`)} |`);
  return `<!-- ${GENERATED} -->
# ${kind} ${upgrade}: ${from} to ${to}

Plan ${plan}. Hooks and run record live in namespace \`${namespace}\`. Needs Helm 3.18 or newer, or 4.1.1 or newer.
${notes.length > 0 ? `\n${notes.map((note) => `- ${note}`).join('\n')}\n` : ''}
\`\`\`sh
helm upgrade --install ${upgrade} . -n kube-system ${timeout}
# objects that kubectl applied before: adopt them once
helm upgrade --install ${upgrade} . -n kube-system ${timeout} --take-ownership                     # Helm 3
helm upgrade --install ${upgrade} . -n kube-system ${timeout} --take-ownership --force-conflicts   # Helm 4
\`\`\`

- **\`--timeout\`** holds for each hook, and its default of 5 minutes is too short for a rollout: the release fails, while the Job that watches the rollout goes on to its end. The same command again goes on where it was.
${aboutWait(chart)}
- **Adoption**: Helm does not know what kubectl applied and merges by name. The rollout Job takes out containers of the old release that stay in the new template; environment variables and volumes that the new release drops stay. To replace instead of merge, once:
  \`--take-ownership --force\` with Helm 3, \`--take-ownership --server-side=false --force-replace\` with Helm 4.
- A failed hook stops the release; \`hookwave status ${upgrade}\` says why and what to do. Helm has no hook for failures, so the failing step notes the reason itself. A frozen rollout goes on with a fixed chart (Helm 3: with \`--force\`, else what the failed chart has added stays), or after \`hookwave approve ${upgrade} --retry\`.
- Helm was killed, or a rollback hook failed, and the release is stuck in \`pending-install\`, \`pending-upgrade\` or \`pending-rollback\`: forget that revision with
  \`kubectl -n kube-system delete secret -l 'owner=helm,name=${upgrade},status in (pending-install,pending-upgrade,pending-rollback)'\` and run the same command again (a fixed chart with Helm 3: with \`--force\`). Nothing of the upgrade is lost: it is in the cluster, not in Helm.
- \`helm rollback\` runs the hooks of the chart that it goes back to, like a revert in Git: it takes over an unfinished upgrade, and refuses to go back from a finished one, which upstream has no way for.
- \`--no-hooks\` runs no preparation; a guard in the workload holds where that would do harm. It needs the namespace \`${namespace}\`.
- \`helm uninstall\` keeps custom resource definitions and resources (host endpoints, policies, the temporary one too), the namespace \`${namespace}\` and the run record. Later, \`helm install --no-hooks\`: what is there without its workload counts as a broken install. The rest:
  \`kubectl delete namespace ${namespace}\` and \`kubectl delete clusterrole,clusterrolebinding -l hookwave.dev/upgrade=${upgrade}\`.
- Argo CD can render the chart, but starts the watch of the rollout only when the rollout is over, so it cannot end a stuck one: give it the output of \`hookwave synth --sequencer argo\`.

| value | default | meaning |
|---|---|---|
${values.join('\n')}
`;
}

function aboutWait(chart: UpgradeChart): string {
  const { upgrade } = chart.identity;
  const beside = hookJobs(chart).find(({ props }) => props.besideWorkload);
  if (beside) {
    return `- **\`--wait\`** is not needed: the hooks wait for the rollout, and freeze it when it is stuck. With it, Helm waits until the workload is ready, before any hook after the release; the workload gets ready only after Job \`${beside.jobName}\` has
  done its work. So that Job is no hook but part of the release, and runs beside the workload: with and without \`--wait\` (and \`--wait-for-jobs\`) the release ends. Its image is part of its template, which Kubernetes does not change: another \`runner.image\` needs a chart synthesized with it.
- **Never \`--atomic\` / \`--rollback-on-failure\`**, and no \`helm rollback\` to a release from before this chart: both bring old workloads back without the way back that they need. Install the chart with \`direction: abort\` instead.`;
  }
  return `- **\`--wait\`** is not needed: the hooks wait for the rollout, and freeze it when it is stuck. With it, Helm waits first; a stuck rollout ends in Helm's timeout without a freeze, one batch of nodes (maxUnavailable) at most is harmed, and \`hookwave status ${upgrade}\` says by what.`;
}
