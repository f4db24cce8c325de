import { kinds } from '../../../charts/index.ts';
import type { DeadlinePlace, UpgradeChart } from '../../constructs/upgrade-chart.ts';
import * as z from 'zod';
import { duration, runner } from '../../spec/fields.ts';
import type { Binding, ValueOf } from './bind.ts';
import { secondsOf } from './seconds.ts';
import { flagNumber, runnerContainers, type Manifest, type RunnerContainer } from './runner-containers.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A value of the chart. Its default is what the spec says, so the defaults render what it asks for. */
export interface Parameter {
  readonly path: readonly [section: string, name: string];
  readonly value: string | boolean;
  readonly schema: JsonSchema;
}

/** A rendered object that values may reach. */
export interface Bindable {
  readonly manifest: Manifest;
  /** Id of its HookJob. */
  readonly job?: string;
}

export interface Parameters {
  readonly parameters: readonly Parameter[];
  /** Seconds of each deadline that is a value, by its path in the spec. */
  readonly deadlines: ReadonlyMap<string, number>;
  bindingsOf(object: Bindable): readonly Binding[];
}

/**
 * What may be set again when the chart is installed: the runner's image and the deadlines, found in the synthesized objects. They change how long something
 * waits and where the image comes from, never what is done: everything else in a spec is part of the plan that is approved, and is changed by a commit.
 * @throws Error when the objects disagree about a value
 */
export function parametersOf(chart: UpgradeChart, objects: readonly Bindable[]): Parameters {
  const image = objects.flatMap(({ manifest }) => runnerContainers(manifest, chart.identity))[0];
  const deadlines = secondsByField(chart, objects);
  const schemaOf = schemas(chart.summary.kind);
  const parameters: readonly Parameter[] = [
    ...(image ? (['image', 'imagePullPolicy'] as const).map((name) => ({ path: ['runner', name], value: image[name], schema: schemaOf(`runner.${name}`) }) as const) : []),
    ...[...deadlines].map(([field, seconds]) => ({ path: pathOf(field), value: formatDuration(seconds), schema: schemaOf(field) })),
  ];
  return {
    parameters,
    deadlines,
    bindingsOf: ({ manifest, job }) => {
      const containers = runnerContainers(manifest, chart.identity);
      const places = job === undefined ? [] : chart.deadlines.filter((place) => place.job === job);
      return [...containers.flatMap((container) => imageBindings(container, image)), ...places.flatMap((place) => deadlineBindings(place, manifest, containers, deadlines))];
    },
  };
}

function imageBindings({ path, image, imagePullPolicy }: RunnerContainer, common: RunnerContainer | undefined): readonly Binding[] {
  return [
    ...(image === common?.image ? [{ path: [...path, 'image'], template: '{{ .Values.runner.image | quote }}', render: quoted('runner.image') }] : []),
    ...(imagePullPolicy === common?.imagePullPolicy ? [{ path: [...path, 'imagePullPolicy'], template: '{{ .Values.runner.imagePullPolicy | quote }}', render: quoted('runner.imagePullPolicy') }] : []),
  ];
}

function quoted(path: string): (valueOf: ValueOf) => string {
  return (valueOf) => JSON.stringify(valueOf(path));
}

function secondsByField({ deadlines, identity }: UpgradeChart, objects: readonly Bindable[]): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const { field, job, flag, plus = 0 } of deadlines) {
    for (const { manifest } of objects.filter((object) => object.job === job)) {
      for (const number of runnerContainers(manifest, identity).flatMap((container) => flagNumber(container, flag) ?? [])) {
        const known = seconds.get(field) ?? number - plus;
        if (known !== number - plus) throw new Error(`${field} is ${known} s elsewhere, but --${flag} of job ${job} says ${number} s; correct the deadlines of the recipe`);
        seconds.set(field, known);
      }
    }
  }
  return seconds;
}

function deadlineBindings({ field, flag }: DeadlinePlace, manifest: Manifest, containers: readonly RunnerContainer[], deadlines: ReadonlyMap<string, number>): readonly Binding[] {
  const base = deadlines.get(field);
  if (base === undefined) return [];
  const flags = containers.flatMap((container) => {
    const index = container.args.findIndex((arg) => arg.startsWith(`--${flag}=`));
    const number = flagNumber(container, flag);
    return number === undefined ? [] : [{ path: [...container.path, 'args', index], template: `"--${flag}=${secondsTemplate(field, number - base)}"`, render: (valueOf: ValueOf) => `"--${flag}=${secondsOf(valueOf(field)) + number - base}"` }];
  });
  const life = manifest.spec?.activeDeadlineSeconds;
  return flag === 'deadline-seconds' && life !== undefined ? [...flags, { path: ['spec', 'activeDeadlineSeconds'], template: secondsTemplate(field, life - base), render: (valueOf) => String(secondsOf(valueOf(field)) + life - base) }] : flags;
}

/** A duration of the values in seconds, and some more. */
export function secondsTemplate(field: string, plus: number): string {
  const seconds = `include "hookwave.seconds" .Values.${field}`;
  return plus === 0 ? `{{ ${seconds} }}` : `{{ add (${seconds}) ${plus} }}`;
}

function pathOf(field: string): Parameter['path'] {
  const [section, name, ...rest] = field.split('.');
  if (section === undefined || name === undefined || rest.length > 0) throw new Error(`${field} is no field of a section, such as deadlines.rollout`);
  return [section, name];
}

function formatDuration(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** The schema of a field: of the spec's kind, else of the fields that all kinds share. */
function schemas(kind: string): (field: string) => JsonSchema {
  const spec = z.toJSONSchema(kinds.find((known) => known.kind === kind)?.schema ?? SHARED, TO_JSON_SCHEMA);
  const shared = z.toJSONSchema(SHARED, TO_JSON_SCHEMA);
  return (field) => {
    const [section, name] = pathOf(field);
    const found = propertyOf(propertyOf(spec, section), name) ?? propertyOf(propertyOf(shared, section), name) ?? propertyOf(shared, 'duration') ?? {};
    const { default: _default, ...schema } = found;
    return schema;
  };
}

const SHARED = z.strictObject({ runner, duration });
const TO_JSON_SCHEMA = { target: 'draft-7', io: 'input', unrepresentable: 'any' } as const;

function propertyOf(schema: unknown, name: string): JsonSchema | undefined {
  return (schema as { properties?: Readonly<Record<string, JsonSchema>> } | undefined)?.properties?.[name];
}
