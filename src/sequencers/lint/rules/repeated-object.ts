import { duplicatesIn } from '../duplicates.ts';
import { EXAMPLE_MARKER, stream } from '../example.ts';
import type { Rule } from '../rule.ts';

export const repeatedObject: Rule = {
  code: 'repeated-object',
  level: 'warning',
  title: 'an object stands twice, word for word',
  why: 'Argo CD loses nothing, but shows a RepeatedResourceWarning on the application for good, and the first change of only one of the two makes it a loss. Helm 3 refuses to install it ("already exists"). Charts rendered with --include-crds that also have their definitions among the templates do this.',
  source: 'argo-cd v3.2 controller/state.go (DeduplicateTargetObjects); helm v3.21 pkg/kube/client.go (Create)',
  fix: 'keep one',
  bad: stream(EXAMPLE_MARKER, EXAMPLE_MARKER),
  good: EXAMPLE_MARKER,
  *check(set) {
    for (const { object, first, equal } of duplicatesIn(set)) {
      if (equal) yield { object, path: ['metadata', 'name'], message: `stands also at ${first.file}:${first.line}, word for word` };
    }
  },
};
