import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureTurns, type Command, type Pair } from '../measure.ts';
import type { BenchContext, BenchNumber, Row } from '../number.ts';
import { hookwave, NODE, peer } from '../peers.ts';
import { pairRow } from '../table.ts';

const OBJECTS = 100_000;

/** Lint of many objects, beside a schema check and a scorer. */
export const lintObjects: BenchNumber = {
  name: 'lint',
  about: '100,000 Jobs in one file, against kubeconform (local schema) and kube-score',
  async run({ folder, runs }: BenchContext) {
    const file = join(folder, 'jobs.yaml');
    writeFileSync(file, jobs(OBJECTS));
    const schemas = writeSchema(folder);
    const turns = Math.min(runs, 3);
    const commands: readonly [Command, ...Command[]] = [
      { argv: [NODE, hookwave, 'lint', file] },
      { argv: [peer('kubeconform'), '-schema-location', schemas, file] },
      { argv: [peer('kube-score'), 'score', '--output-format', 'ci', file], exit: 1 },
    ];
    const [kubeconform, kubeScore] = await measureTurns(commands, { runs: turns, folder });
    return [row(kubeconform!, 'kubeconform', kubeconform!.ratio.wallMs <= 1), row(kubeScore!, 'kube-score')];
  },
};

function row(pair: Pair, peerName: string, met?: boolean): Row {
  const perSecond = (milliseconds: number): string => `${Math.round(OBJECTS / milliseconds)},000 objects/s`.replace(/^0,/, '');
  const line = pairRow('lint of 100,000 Jobs', pair, { peerName, goal: met === undefined ? 'none' : 'as many objects a second', ...(met === undefined ? {} : { met }) });
  return { ...line, ours: `${perSecond(pair.ours.wallMs)}, ${line.ours}`, peer: `${line.peer}, ${perSecond(pair.peer.wallMs)}` };
}

function jobs(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `---
apiVersion: batch/v1
kind: Job
metadata:
  name: job-${index}
  namespace: default
  labels:
    app: job
spec:
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: registry.example.com/job:v1.0.${index % 100}
          args: ["--number=${index}"]
          resources:
            limits:
              cpu: 100m
              memory: 64Mi
`,
  ).join('');
}

/** Small: the real one is larger, which would only slow kubeconform down. */
function writeSchema(folder: string): string {
  const text = { type: 'string' };
  const open = { type: 'object', additionalProperties: true };
  const metadata = { type: 'object', required: ['name'], properties: { name: text, namespace: text, labels: { type: 'object', additionalProperties: text } } };
  const container = { type: 'object', required: ['name', 'image'], properties: { name: text, image: text, args: { type: 'array', items: text }, resources: open } };
  const podSpec = { type: 'object', required: ['containers'], properties: { restartPolicy: text, containers: { type: 'array', items: container } } };
  const spec = { type: 'object', properties: { backoffLimit: { type: 'integer' }, template: { type: 'object', properties: { spec: podSpec } } } };
  mkdirSync(join(folder, 'schemas'));
  writeFileSync(join(folder, 'schemas/job-batch-v1.json'), JSON.stringify({ type: 'object', properties: { apiVersion: text, kind: text, metadata, spec } }));
  return join(folder, 'schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json');
}
