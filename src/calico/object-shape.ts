/** What hookwave takes for granted in the objects of a manifest that it reads and changes (Kubernetes API reference, v1.34). */
import * as z from 'zod';
import { readManifestDocument, type ManifestDocument } from '../spec/manifest-text.ts';
import { readWithoutSchemas } from '../spec/without-schemas.ts';

export interface ShapeProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Everything about an object that the API server would refuse and that synthesis would stumble over. */
export function shapeProblems(kind: string, object: unknown): readonly ShapeProblem[] {
  const parsed = (SHAPES[kind] ?? anyObject).safeParse(object);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => ({ path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)), message }));
}

/** The same for an object of a vendor's manifest, as problems of the file. */
export function brokenParts({ kind, name, line, text: source }: ManifestDocument): readonly { readonly message: string; readonly fix: string }[] {
  const fix = 'download it again, or correct it and pin it again with `hookwave vendor`';
  try {
    return shapeProblems(kind, kind === 'CustomResourceDefinition' ? readWithoutSchemas(source) : readManifestDocument(source)).map(({ path, message }) => ({ message: `has ${kind} ${name} at line ${line} whose ${path.join('.')} is broken: it ${message}`, fix }));
  } catch (error) {
    return [{ message: `has ${kind} ${name} at line ${line}, which is no YAML (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`, fix }];
  }
}

const text = z.string('has to be text');
const mapping = <S extends z.ZodRawShape>(shape: S) => z.looseObject(shape, 'has to be a mapping');
const list = <S extends z.ZodType>(item: S) => z.array(item, 'has to be a list');
const texts = z.record(z.string(), text, 'has to be a mapping');

const named = mapping({ name: text });
const container = mapping({ name: text, image: text, env: list(named).nullish() });
const metadata = mapping({ annotations: texts.nullish(), labels: texts.nullish() });
const anyObject = mapping({ metadata });
const podSpec = mapping({ containers: list(container).min(1, 'has to have a container'), initContainers: list(container).nullish(), volumes: list(named).nullish(), serviceAccountName: text.nullish() });
const workload = mapping({ metadata, spec: mapping({ template: mapping({ metadata: metadata.nullish(), spec: podSpec }), updateStrategy: mapping({}).nullish() }) });

const SHAPES: Readonly<Record<string, z.ZodType>> = {
  DaemonSet: workload,
  Deployment: workload,
  ConfigMap: mapping({ metadata, data: texts.nullish() }),
  CustomResourceDefinition: mapping({ metadata, spec: mapping({ group: text, names: mapping({ kind: text, plural: text }), versions: list(mapping({ name: text })).min(1, 'has to have a version') }) }),
};
