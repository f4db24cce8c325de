import { comparePositions } from '../../argo/position.ts';
import { isStateful } from '../health-kinds.ts';
import { isJob, type Manifest } from '../../manifests/manifest.ts';
import { describePosition, positionsOf, type ManifestSet } from '../model.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../example.ts';

const RESOURCE = exampleObject('operator.tigera.io/v1', 'Installation', 'default', [], 'spec:', '  variant: Calico');
const NEXT = exampleObject('v1', 'ConfigMap', 'next', ['argocd.argoproj.io/sync-wave: "2"']);
const GATE = exampleJob({ name: 'installation-ready', annotations: ['argocd.argoproj.io/hook: Sync', 'argocd.argoproj.io/sync-wave: "1"'] });

export const customResourceUngated: Rule = {
  code: 'custom-resource-ungated',
  level: 'warning',
  title: 'the wave of a custom resource passes at once',
  why: 'Argo CD has no health check for this kind, so it counts as healthy the moment it is applied, and the next wave starts before the operator has done anything.',
  source: 'argo-cd v3.2 resource_customizations, gitops-engine pkg/health/health.go; issues 14442, 4669, 16133, 4577',
  fix: 'put a Job that waits for the resource between (a Sync hook in the next wave), or give Argo CD a health check: resource.customizations.health.GROUP_KIND in argocd-cm',
  bad: stream(EXAMPLE_MARKER, RESOURCE, NEXT),
  good: stream(EXAMPLE_MARKER, RESOURCE, GATE, NEXT),
  *check(set) {
    if (!set.forArgo || set.isChart || set.steps.length < 2) return;
    const said = new Set<string>();
    for (const object of set.tracked) {
      const kind = `${object.group}/${object.kind}/${object.argo.wave}`;
      if (said.has(kind) || !isStateful(object) || isGated(object, set)) continue;
      said.add(kind);
      yield { object, message: `Argo CD knows no health of ${object.kind}.${object.group}: what follows Sync wave ${object.argo.wave} does not wait for it` };
    }
  },
};

/** Whether nothing follows, or a Job stands in its wave or in the next position. */
function isGated(object: Manifest, { steps, objects }: ManifestSet): boolean {
  const [own] = positionsOf(object);
  const next = own && steps.find((step) => comparePositions(step, own) > 0);
  if (!own || !next) return true;
  const near = [describePosition(own), describePosition(next)];
  return objects.some((one) => isJob(one) && positionsOf(one).some((position) => near.includes(describePosition(position))));
}
