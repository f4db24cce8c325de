import { problemsOf } from './problems.ts';
import type { Rule } from '../rule.ts';

export const incompleteObject: Rule = {
  code: 'incomplete-object',
  level: 'error',
  title: 'an object has no name',
  why: 'An object without `metadata.name` and `metadata.generateName` cannot be applied; the sync fails in its dry run and nothing is applied.',
  source: 'kubernetes v1.34 apimachinery/pkg/api/validation/objectmeta.go: name or generateName is required',
  fix: 'name it',
  bad: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {app: agent}\n',
  good: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: agent\n  labels: {app: agent}\n',
  check: (set) => problemsOf(set, 'incomplete-object'),
};
