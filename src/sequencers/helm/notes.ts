import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { GENERATED } from '../output.ts';
import { escapeTemplate } from './escape.ts';

/** templates/NOTES.txt: what has run, where to look, and what to do next. */
export function notesTxt({ identity: { upgrade, namespace, plan }, summary: { kind, from, to } }: UpgradeChart): string {
  const text = escapeTemplate(`${kind} ${upgrade}: ${from} to ${to}, plan ${plan}.`);
  return `{{- /* ${GENERATED} */ -}}
${text}
Release {{ .Release.Name }}, revision {{ .Release.Revision }}. preflight, prepare, the release, rollout, verify and cleanup have run.

What they said (finished Jobs stay until the next upgrade):
  kubectl -n ${namespace} get jobs
  kubectl -n ${namespace} logs job/hookwave-${upgrade}-verify --all-containers
How it stands, and what it waits for:
  hookwave status ${upgrade}
Once more, the proof that every part runs ${escapeTemplate(to)}:
  helm test {{ .Release.Name }} -n {{ .Release.Namespace }}

If the cleanup waits for an approval: \`hookwave approve ${upgrade}\`, then the same \`helm upgrade\` once more.
Upgrade with \`--timeout {{ include "hookwave.timeout" . }}\` or more: when Helm gives up earlier, its release fails while the Job that watches the rollout goes on.
Then wait for the rollout (\`hookwave status ${upgrade}\`) and run the same \`helm upgrade\` again: every step goes on where it was.
After a failed release, a fixed chart that takes something out again needs \`--force\` with Helm 3, or that stays in the cluster.
`;
}
