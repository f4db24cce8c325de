/** A hook Job for the examples of rules; without options nothing is wrong with it. Each entry of a list is one line of YAML, not indented. */
export function exampleJob({
  name = 'migrate',
  annotations = ['argocd.argoproj.io/hook: PreSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'],
  labels = [],
  spec = ['backoffLimit: 1', 'activeDeadlineSeconds: 600'],
  pod = ['restartPolicy: Never'],
  container = [],
}: ExampleJob = {}): string {
  return lines(
    'apiVersion: batch/v1',
    'kind: Job',
    'metadata:',
    ...(name === '' ? [] : [`  name: ${name}`]),
    ...block('  labels:', labels),
    ...block('  annotations:', annotations),
    'spec:',
    ...spec.map((line) => `  ${line}`),
    '  template:',
    '    spec:',
    ...pod.map((line) => `      ${line}`),
    '      containers:',
    '        - name: main',
    '          image: registry.example.com/migrate:1.2.3',
    ...container.map((line) => `          ${line}`),
  );
}

export interface ExampleJob {
  readonly name?: string;
  readonly annotations?: readonly string[];
  readonly labels?: readonly string[];
  readonly spec?: readonly string[];
  readonly pod?: readonly string[];
  readonly container?: readonly string[];
}

/** A DaemonSet for examples. */
export function exampleDaemonSet({ annotations = [], spec = [], pod = [] }: Pick<ExampleJob, 'annotations' | 'spec' | 'pod'> = {}): string {
  return lines(
    'apiVersion: apps/v1',
    'kind: DaemonSet',
    'metadata:',
    '  name: agent',
    ...block('  annotations:', annotations),
    'spec:',
    ...spec.map((line) => `  ${line}`),
    '  selector: {matchLabels: {app: agent}}',
    '  template:',
    '    metadata: {labels: {app: agent}}',
    '    spec:',
    ...pod.map((line) => `      ${line}`),
    '      containers: [{name: agent, image: "registry.example.com/agent:1.2.3"}]',
  );
}

/** A small object for examples: account, ConfigMap or the like. */
export function exampleObject(apiVersion: string, kind: string, name: string, annotations: readonly string[] = [], ...rest: readonly string[]): string {
  return lines(`apiVersion: ${apiVersion}`, `kind: ${kind}`, 'metadata:', `  name: ${name}`, ...block('  annotations:', annotations), ...rest);
}

/** A tracked ConfigMap that changes with every hook. */
export const EXAMPLE_MARKER = exampleObject('v1', 'ConfigMap', 'upgrade-plan', [], 'data:', '  plan: 0a1b2c3d4e5f');

/** A PostSync hook: the sync waits until everything before it is healthy. */
export const EXAMPLE_GATE = exampleJob({ name: 'done', annotations: ['argocd.argoproj.io/hook: PostSync', 'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation'] });

export function stream(...documents: readonly string[]): string {
  return documents.join('---\n');
}

function block(key: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : [key, ...entries.map((entry) => `    ${entry}`)];
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
