import type { V3Resource } from '../model.ts';
import { isLabelName, isLabelValue, isQualifiedName, nameProblems } from './names.ts';
import type { FieldProblem } from './problem.ts';

/** Bytes, keys and values together. */
const MAXIMUM_ANNOTATIONS = 256 * 1024;

export function metadataProblems({ kind, metadata }: V3Resource): readonly FieldProblem[] {
  const { name, namespace, labels = {}, annotations = {} } = metadata;
  return [
    ...nameProblems(name, { dots: kind !== 'GlobalNetworkPolicy' }),
    ...(namespace === undefined || (isLabelName(namespace) && namespace.length <= 63) ? [] : [{ field: 'Metadata.Namespace', value: namespace, reason: 'namespace must be a DNS label of at most 63 characters' }]),
    ...annotationProblems(annotations),
    ...labelProblems(labels),
  ];
}

function annotationProblems(annotations: Readonly<Record<string, string>>): readonly FieldProblem[] {
  const entries = Object.entries(annotations);
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  const field = 'Metadata.Annotations (key)';
  return [
    ...entries.filter(([key]) => !isQualifiedName(key.toLowerCase())).map(([key]) => ({ field, value: key, reason: QUALIFIED_NAME })),
    ...(size > MAXIMUM_ANNOTATIONS ? [{ field, value: `${entries.length} annotations`, reason: `total size of annotations is too large by ${size - MAXIMUM_ANNOTATIONS} bytes` }] : []),
  ];
}

function labelProblems(labels: Readonly<Record<string, string>>): readonly FieldProblem[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(isQualifiedName(key) ? [] : [{ field: 'Metadata.Labels (label)', value: key, reason: QUALIFIED_NAME }]),
    ...(isLabelValue(value) ? [] : [{ field: 'Metadata.Labels (value)', value, reason: LABEL_VALUE }]),
  ]);
}

export const QUALIFIED_NAME = "name must be at most 63 letters, digits, '-', '_' or '.', with a letter or digit at both ends, after an optional DNS subdomain and '/'";
export const LABEL_VALUE = "value must be empty or at most 63 letters, digits, '-', '_' or '.', with a letter or digit at both ends";
