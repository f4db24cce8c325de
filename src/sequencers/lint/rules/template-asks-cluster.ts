import { exampleObject } from '../example.ts';
import type { Rule } from '../rule.ts';
import { templateCalls } from '../template-calls.ts';

const ASKS = /^(?:\$?\.Release\.Is(?:Upgrade|Install)|lookup)$/;

export const templateAsksCluster: Rule = {
  code: 'template-asks-cluster',
  level: 'warning',
  title: 'a template asks what only Helm in the cluster knows',
  why: 'Argo CD renders a chart with `helm template`, apart from the cluster: `.Release.IsInstall` is always true and `.Release.IsUpgrade` always false, `lookup` finds nothing. What a chart leaves out at an install, or keeps because it was there before, is wrong at each sync.',
  source: 'argo-cd v3.2 util/helm/cmd.go; helm v3.21 and v4.2 pkg/action/install.go, pkg/engine/lookup_func.go; argo-cd issue 5202',
  fix: 'decide by values, or in the hook, when it runs',
  bad: `{{- if .Release.IsUpgrade }}\n${exampleObject('v1', 'ConfigMap', 'upgrade')}{{- end }}\n`,
  good: `{{- if .Values.upgrade }}\n${exampleObject('v1', 'ConfigMap', 'upgrade')}{{- end }}\n`,
  scope: 'template',
  *check({ templates, forArgo }) {
    if (!forArgo) return;
    for (const { name, ...place } of templateCalls(templates, ASKS)) {
      yield { place, message: `${name} ${name === 'lookup' ? 'finds nothing' : `is always ${name.endsWith('IsInstall')}`} where Argo CD renders the chart` };
    }
  },
};
