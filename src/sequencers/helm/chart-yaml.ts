import semver from 'semver';
import { stringify } from 'yaml';
import type { UpgradeChart } from '../../constructs/upgrade-chart.ts';
import { VERSION } from '../../version.ts';
import { GENERATED } from '../output.ts';
import { YAML_STYLE } from '../../yaml-style.ts';

/** Chart.yaml. The version is the target's, with the plan as build metadata: two plans to one release are no newer than one another. */
export function chartYaml({ identity, summary }: UpgradeChart): string {
  const chart = {
    apiVersion: 'v2',
    name: identity.upgrade,
    description: `${summary.kind} ${identity.upgrade}: ${summary.from} to ${summary.to}`,
    type: 'application',
    version: chartVersion(summary.to, identity.plan),
    appVersion: summary.to,
    kubeVersion: KUBE_VERSION,
    annotations: { 'hookwave.dev/generator': `hookwave v${VERSION}`, 'hookwave.dev/plan': identity.plan },
  };
  return `# ${GENERATED}\n${stringify(chart, YAML_STYLE)}`;
}

/** Pod failure policies are on by default since 1.26, and Pods carry the label `batch.kubernetes.io/job-name` since 1.27; `-0` admits versions with a vendor's suffix. */
const KUBE_VERSION = '>=1.27.0-0';

export function chartVersion(release: string, plan: string): string {
  return `${semver.coerce(release)?.version ?? '0.0.0'}+${plan}`;
}
