import { problemsOf } from './problems.ts';
import type { Rule } from '../rule.ts';

export const yamlError: Rule = {
  code: 'yaml-error',
  level: 'error',
  title: 'a document is not YAML',
  why: 'Argo CD refuses the whole application when one document of it that looks like a manifest cannot be read; Helm refuses the chart.',
  source: 'argo-cd v3.2 reposerver/repository/repository.go, splitYAMLOrJSON; helm v4.2 pkg/release/v1/util/manifest_sorter.go',
  fix: 'mend the YAML; a chart has to be rendered first: helm template . | hookwave lint -',
  bad: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n   labels: {}\n',
  good: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  labels: {}\n',
  check: (set) => problemsOf(set, 'yaml-error'),
};
