import { describeManifest } from '../../manifests/manifest.ts';
import type { Rule } from '../rule.ts';
import { EXAMPLE_MARKER, exampleJob, stream } from '../example.ts';

export const hookOnlyApp: Rule = {
  code: 'hook-only-app',
  level: 'error',
  title: 'the application consists of hooks only',
  why: 'Hooks do not count for the sync status. An application without a single ordinary object is always Synced, so an automated sync never starts and its hooks never run.',
  source: 'argo-cd v3.2 controller/state.go; issues 7237, 15915',
  fix: 'add an ordinary object that changes with every plan, such as a ConfigMap that holds a digest (lint the whole folder of the application, not one file of it)',
  bad: exampleJob(),
  good: stream(exampleJob(), EXAMPLE_MARKER),
  scope: 'application',
  *check({ hooks, tracked, forArgo, isChart }) {
    const [object] = hooks;
    if (forArgo && !isChart && object && tracked.length === 0) yield { object, message: `nothing but hooks (${hooks.length}): ${describeManifest(object)} never runs by itself` };
  },
};
