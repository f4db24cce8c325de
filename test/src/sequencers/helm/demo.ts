import { App } from 'cdk8s';
import * as z from 'zod';
import { HookJob } from '../../../../src/constructs/hook-job.ts';
import { Marker } from '../../../../src/constructs/marker.ts';
import { use, type StepUse } from '../../../../src/constructs/runner-container.ts';
import { UpgradeChart, type DeadlinePlace } from '../../../../src/constructs/upgrade-chart.ts';
import { UpgradeNamespace } from '../../../../src/constructs/upgrade-namespace.ts';
import { VendorManifest } from '../../../../src/constructs/vendor-manifest.ts';
import { defineStep } from '../../../../src/steps/step.ts';

const identity = { upgrade: 'demo', namespace: 'hookwave-demo', plan: '0a1b2c3d' };
const runner = { image: 'registry.example.com/runner:1', imagePullPolicy: 'IfNotPresent' } as const;
const look = defineStep({
  name: 'look',
  summary: 'looks',
  params: z.object({ what: z.string(), graceSeconds: z.number() }),
  access: () => [{ apiGroup: '', resources: ['pods'], verbs: ['get'], namespace: 'kube-system' }],
});
const createFirst = defineStep({
  name: 'create-first',
  summary: 'creates what the release brings',
  ahead: true,
  params: z.object({ file: z.string() }),
  access: () => [{ apiGroup: 'apiextensions.k8s.io', resources: ['customresourcedefinitions'], verbs: ['create'] }],
});

export const VENDOR = `apiVersion: v1
kind: ConfigMap
metadata:
  name: theirs
data:
  rule: '{{ .Values.nothing }} and {{- trimmed -}}'
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
spec:
  group: example.com
  names:
    kind: Thing
`;

export interface DemoOptions {
  readonly vendor?: string;
  /** Wave of every vendor object. @default that of VendorManifest */
  readonly wave?: number;
  readonly loose?: boolean;
  /** Text that a user could have written: it comes into a ConfigMap, an annotation-like file and a flag. */
  readonly text?: string;
}

/** A small upgrade with everything that a chart has to express. */
export class Demo extends UpgradeChart {
  readonly identity = identity;
  readonly summary = { kind: 'Demo', from: 'v1.2.3', to: 'v1.3.0', notes: ['{{ a note }}'] };
  override readonly deadlines: readonly DeadlinePlace[] = [
    { field: 'deadlines.preflight', job: 'preflight', flag: 'deadline-seconds' },
    { field: 'deadlines.watch', job: 'watch', flag: 'deadline-seconds', plus: 30 },
    { field: 'deadlines.watch', job: 'watch', flag: 'grace-seconds' },
    { field: 'deadlines.verify', job: 'verify', flag: 'deadline-seconds' },
  ];

  /** For Jobs that a test adds. */
  readonly common = { identity, runner, why: 'demo', deadlineSeconds: 90 };
  readonly steps: readonly StepUse[];

  constructor({ vendor = VENDOR, wave, loose = false, text = 'plain' }: DemoOptions = {}) {
    super(new App(), 'demo');
    const steps = [use(look, { what: text, graceSeconds: 60 })];
    const { common } = this;
    this.steps = steps;
    new VendorManifest(this, 'vendor', { manifest: vendor, file: 'theirs', why: 'theirs', loose, ...(wave === undefined ? {} : { wave: () => wave }) });
    new UpgradeNamespace(this, 'namespace', identity);
    new HookJob(this, 'preflight', { ...common, phase: 'preflight', steps, files: { 'text.txt': text } });
    new HookJob(this, 'prepare', { ...common, phase: 'prepare', steps: [use(createFirst, { file: '/etc/hookwave/first.json' }), ...steps], files: { 'first.json': '[]' } });
    new HookJob(this, 'watch', { ...common, phase: 'verify', steps });
    new HookJob(this, 'verify', { ...common, phase: 'verify', mode: 'tracked', steps });
    new HookJob(this, 'cleanup', { ...common, phase: 'cleanup', steps });
    new HookJob(this, 'rescue', { ...common, phase: 'rescue', optional: true, steps });
    new Marker(this, 'marker', { identity, kind: 'Demo', from: 'v1.2.3', to: 'v1.3.0' });
  }
}
