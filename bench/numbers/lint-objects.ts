import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocument } from '../../test/src/sequencers/lint/generated-stream.ts';
import { measureTurns, type Command, type Pair } from '../measure.ts';
import type { BenchContext, BenchNumber, Row } from '../number.ts';
import { hookwave, NODE, peer } from '../peers.ts';
import { pairRow } from '../table.ts';

const OBJECTS = 100_000;

/** Lint of many objects, beside a schema check and a scorer. */
export const lintObjects: BenchNumber = {
  name: 'lint',
  about: '100,000 Jobs in one file, against kubeconform (local schemas) and kube-score; 100,000 objects of five kinds with hooks and waves, against kubeconform',
  async run({ folder, runs }: BenchContext) {
    const schemas = writeSchemas(folder);
    const measure = (file: string, ...more: readonly Command[]): Promise<readonly Pair[]> =>
      measureTurns([{ argv: [NODE, hookwave, 'lint', file] }, { argv: [peer('kubeconform'), '-schema-location', schemas, file] }, ...more], { runs: Math.min(runs, 3), folder });
    const [jobsFile, mixedFile] = [join(folder, 'jobs.yaml'), join(folder, 'mixed.yaml')];
    writeFileSync(jobsFile, jobs(OBJECTS));
    writeFileSync(mixedFile, Array.from({ length: OBJECTS }, (_, index) => `---\n${generatedDocument(index, 'mixed')}`).join(''));
    const [kubeconform, kubeScore] = await measure(jobsFile, { argv: [peer('kube-score'), 'score', '--output-format', 'ci', jobsFile], exit: 1 });
    const [mixed] = await measure(mixedFile);
    return [
      row('100,000 Jobs', kubeconform!, 'kubeconform', kubeconform!.ratio.wallMs <= 1),
      row('100,000 Jobs', kubeScore!, 'kube-score'),
      row('100,000 objects of five kinds, 1,000 hooks', mixed!, 'kubeconform', mixed!.ratio.wallMs <= 1),
    ];
  },
};

function row(what: string, pair: Pair, peerName: string, met?: boolean): Row {
  const perSecond = (milliseconds: number): string => `${Math.round(OBJECTS / milliseconds)},000 objects/s`.replace(/^0,/, '');
  const line = pairRow(`lint of ${what}`, pair, { peerName, goal: met === undefined ? 'none' : 'as many objects a second', ...(met === undefined ? {} : { met }) });
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

/** Small: the real ones are larger, which would only slow kubeconform down. */
function writeSchemas(folder: string): string {
  const text = { type: 'string' };
  const open = { type: 'object', additionalProperties: true };
  const map = { type: 'object', additionalProperties: text };
  const metadata = { type: 'object', required: ['name'], properties: { name: text, namespace: text, labels: map, annotations: map } };
  const container = { type: 'object', required: ['name', 'image'], properties: { name: text, image: text, args: { type: 'array', items: text }, resources: open } };
  const podSpec = { type: 'object', required: ['containers'], properties: { restartPolicy: text, containers: { type: 'array', items: container } } };
  const template = { type: 'object', properties: { spec: podSpec } };
  const kinds = {
    'job-batch-v1': { spec: { type: 'object', properties: { backoffLimit: { type: 'integer' }, template } } },
    'deployment-apps-v1': { spec: { type: 'object', properties: { replicas: { type: 'integer' }, selector: open, template } } },
    'service-v1': { spec: { type: 'object', properties: { selector: map, ports: { type: 'array', items: open } } } },
    'configmap-v1': { data: map },
    'serviceaccount-v1': { automountServiceAccountToken: { type: 'boolean' } },
  };
  mkdirSync(join(folder, 'schemas'));
  for (const [name, properties] of Object.entries(kinds)) {
    writeFileSync(join(folder, `schemas/${name}.json`), JSON.stringify({ type: 'object', properties: { apiVersion: text, kind: text, metadata, ...properties } }));
  }
  return join(folder, 'schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json');
}
