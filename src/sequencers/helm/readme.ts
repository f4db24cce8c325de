import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { GENERATED } from '../output.ts';
import type { Parameter } from './parameters.ts';

/** README.md of the chart: how to install it, and its values. */
export function readmeMd({ identity: { upgrade, namespace, plan }, summary: { kind, from, to, notes } }: UpgradeChart, parameters: readonly Parameter[], minutes: number): string {
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

- **\`--timeout\`** holds for each hook, and its default of 5 minutes is too short for a rollout: Helm would give up and take the rights of the Job that watches it. The same command again goes on.
- A failed hook stops the release; \`hookwave status ${upgrade}\` says why and what to do. Helm has no hook for failures, so the failing step notes the reason itself.
- Helm was killed, and the release is stuck in \`pending-install\` or \`pending-upgrade\`: forget that revision with
  \`kubectl -n kube-system delete secret -l 'owner=helm,name=${upgrade},status in (pending-install,pending-upgrade)'\` and run the same command again. Nothing of the upgrade is lost: it is in the cluster, not in Helm.
- \`--no-hooks\` and \`helm rollback\` run no preparation; a guard in the workload holds where that would do harm.
- \`helm uninstall\` keeps custom resource definitions, namespaces and the run record.

| value | default | meaning |
|---|---|---|
${values.join('\n')}
`;
}
