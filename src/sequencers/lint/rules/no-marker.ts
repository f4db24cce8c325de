import { at, stringMap } from '../../manifests/json.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleJob, exampleObject, stream } from '../example.ts';

const DIGEST = /^(?:sha256:)?[0-9a-f]{8,64}$/;

export const noMarker: Rule = {
  code: 'no-marker',
  level: 'warning',
  title: 'a commit that changes only hooks starts no sync',
  why: 'Hooks are no part of the sync status: after a commit that changes nothing else the application stays Synced and an automated sync does not start. A tracked ConfigMap with a digest of the hooks makes every change visible.',
  source: 'argo-cd v3.2 controller/state.go; issues 9830, 20722, 27792',
  fix: 'add a ConfigMap to the application whose data holds a digest of the hooks (8 or more hex digits)',
  bad: stream(exampleJob(), exampleObject('v1', 'ServiceAccount', 'agent')),
  good: stream(exampleJob(), exampleObject('v1', 'ServiceAccount', 'agent'), EXAMPLE_MARKER),
  scope: 'application',
  *check({ hooks, tracked, forArgo, isChart }) {
    const [object] = hooks;
    if (!forArgo || isChart || !object || tracked.length === 0 || tracked.some(isMarker)) return;
    yield { object, message: `no ConfigMap with a digest of the hooks (${hooks.length}): changes of hooks alone are not synced` };
  },
};

function isMarker({ kind, text, object }: Manifest): boolean {
  return kind === 'ConfigMap' && /[0-9a-f]{8}/.test(text) && Object.values(stringMap(at(object, 'data'))).some((value) => DIGEST.test(value));
}
