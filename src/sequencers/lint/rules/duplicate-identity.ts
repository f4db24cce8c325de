import { duplicatesIn } from '../duplicates.ts';
import { EXAMPLE_MARKER, exampleObject, stream } from '../example.ts';
import type { Rule } from '../rule.ts';

export const duplicateIdentity: Rule = {
  code: 'duplicate-identity',
  level: 'error',
  title: 'two different manifests are the same object',
  why: 'Of manifests with equal group, kind, namespace and name Argo CD keeps only the last and shows a RepeatedResourceWarning; the others are lost. This holds across phases: a hook of PreSync and one of PostSync need different names. Helm 3 refuses to install them ("already exists"), Helm 4 leaves whichever it applied last, and in an upgrade of both the last one counts; hooks it runs one by one, and fails at the second where the first is still there.',
  source: 'argo-cd v3.2 controller/state.go (DeduplicateTargetObjects); helm v3.21 and v4.2 pkg/kube/client.go (Create, Update)',
  fix: 'give them different names, or keep one; a hook of several phases names them all in one annotation',
  bad: stream(EXAMPLE_MARKER, exampleObject('v1', 'ConfigMap', 'upgrade-plan', [], 'data:', '  plan: f5e4d3c2b1a0')),
  good: stream(EXAMPLE_MARKER, exampleObject('v1', 'ConfigMap', 'upgrade-settings', [], 'data:', '  plan: f5e4d3c2b1a0')),
  *check(set) {
    for (const { object, first, equal } of duplicatesIn(set)) {
      if (!equal) yield { object, path: ['metadata', 'name'], message: `differs from the same object at ${first.file}:${first.line}, and only one of them counts` };
    }
  },
};
