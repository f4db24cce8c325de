import { problemsOf } from './problems.ts';
import type { Rule } from '../rule.ts';

export const yamlDuplicateKey: Rule = {
  code: 'yaml-duplicate-key',
  level: 'warning',
  title: 'a key stands twice in one map',
  why: 'Argo CD and Helm take the last one without a word; a second `annotations:` takes the hook annotations of the first away.',
  source: 'sigs.k8s.io/yaml v1.6, yaml.go: only UnmarshalStrict refuses repeated keys',
  fix: 'join the two into one',
  bad: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  labels: {a: b}\n  labels: {c: d}\n',
  good: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  labels: {a: b, c: d}\n',
  check: (set) => problemsOf(set, 'yaml-duplicate-key'),
};
