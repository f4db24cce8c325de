export const GENERATED_MIXES = ['jobs', 'hooks', 'mixed'] as const;

/** Small objects as a generator writes them, for measuring: Jobs, hook Jobs, or a fifth each of five kinds with one hook among a hundred. */
export function generatedDocument(index: number, mix: (typeof GENERATED_MIXES)[number]): string {
  if (mix === 'jobs') return job(index, '');
  if (mix === 'hooks') return job(index, HOOK(index));
  return MIXED[index % MIXED.length]?.(index) ?? '';
}

const HOOK = (index: number): string =>
  `  annotations:\n    argocd.argoproj.io/hook: PreSync\n    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\n    argocd.argoproj.io/sync-wave: "-${index % 5}"\n`;

const MIXED: readonly ((index: number) => string)[] = [configMap, service, account, deployment, (index) => job(index, index % 100 === 4 ? HOOK(index) : '')];

function head(apiVersion: string, kind: string, index: number): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${kind.toLowerCase()}-${index}\n  namespace: team-${index % 50}\n`;
}

function job(index: number, annotations: string): string {
  return `${head('batch/v1', 'Job', index)}${annotations}spec:
  backoffLimit: 2
  activeDeadlineSeconds: 600
  template:
    metadata:
      labels:
        app: job-${index}
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: registry.example.com/team/main:1.2.${index % 100}
        args: ["run", "--shard=${index}"]
        env:
        - name: SHARD
          value: "${index}"
        resources:
          requests:
            cpu: 100m
            memory: 64Mi
`;
}

function deployment(index: number): string {
  return `${head('apps/v1', 'Deployment', index)}  annotations:
    argocd.argoproj.io/sync-wave: "${index % 3}"
spec:
  replicas: 2
  selector:
    matchLabels:
      app: deployment-${index}
  template:
    metadata:
      labels:
        app: deployment-${index}
    spec:
      serviceAccountName: default
      containers:
      - name: main
        image: registry.example.com/team/main:1.2.${index % 100}
        ports:
        - containerPort: 8080
          name: http
`;
}

function configMap(index: number): string {
  return `${head('v1', 'ConfigMap', index)}data:\n  config.yaml: |\n    a: 1\n    b: two\n  hash: 0a1b2c3d4e\n`;
}

function service(index: number): string {
  return `${head('v1', 'Service', index)}spec:\n  selector:\n    app: x\n  ports:\n  - name: http\n    port: 80\n    targetPort: http\n`;
}

function account(index: number): string {
  return `${head('v1', 'ServiceAccount', index)}automountServiceAccountToken: false\n`;
}
