import { SYNC_OPTIONS } from '../../manifests/keys.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import { csv } from '../../manifests/reading.ts';
import type { ManifestSet } from '../model.ts';
import type { Rule } from '../rule.ts';
import { exampleObject } from '../example.ts';
import { ANNOTATIONS_LIMIT, bytes, ownAnnotations } from './annotations-too-large.ts';

/** JSON is at most three times as long as the YAML that it comes from, so smaller documents need no look. */
const SMALLEST = ANNOTATIONS_LIMIT / 3;

const LARGE = (annotations: readonly string[]): string => exampleObject('v1', 'ConfigMap', 'dashboard', annotations, 'data:', `  dashboard.json: ${'x'.repeat(ANNOTATIONS_LIMIT)}`);

export const serverSideApplyRequired: Rule = {
  code: 'server-side-apply-required',
  level: 'error',
  title: 'an object is too large for client-side apply',
  why: 'Client-side apply writes the whole object into the annotation last-applied-configuration, and all annotations together may have 256 KiB. Larger objects, mostly custom resource definitions, fail with "metadata.annotations: Too long".',
  source: 'kubernetes v1.34 apimachinery/pkg/api/validation/objectmeta.go (TotalAnnotationSizeLimitB); projectcalico/calico issue 8159',
  fix: 'annotate it argocd.argoproj.io/sync-options: ServerSideApply=true; if the Application says so already, lint with --sync-option ServerSideApply=true',
  bad: LARGE([]),
  good: LARGE(['argocd.argoproj.io/sync-options: ServerSideApply=true']),
  *check(set) {
    if (!set.forArgo || set.isChart) return;
    for (const object of set.objects) {
      if (object.text.length < SMALLEST || object.argo.phases.length === 0 || isAppliedOtherwise(object, set)) continue;
      const size = bytes(JSON.stringify(object.object)) + ownAnnotations(object);
      if (size > ANNOTATIONS_LIMIT) yield { object, message: `${Math.round(size / 1024)} KiB as an annotation, ${ANNOTATIONS_LIMIT / 1024} KiB are taken: client-side apply fails` };
    }
  },
};

/** Server-side apply and replace write no such annotation. */
function isAppliedOtherwise(object: Manifest, { syncOptions }: ManifestSet): boolean {
  const own = csv(object.annotations[SYNC_OPTIONS]);
  const says = (option: string): boolean => own.includes(`${option}=true`) || (syncOptions.includes(`${option}=true`) && !own.includes(`${option}=false`));
  return says('ServerSideApply') || says('Replace');
}
