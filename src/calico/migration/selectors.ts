import { byteOrder } from './order.ts';

const V1_NAMESPACE_LABEL = 'calico/k8s_ns';
const V3_NAMESPACE_LABEL = 'projectcalico.org/namespace';

/** The label of the Kubernetes namespace has a new name. As upstream, every occurrence is replaced, even inside a string. */
export function convertSelector(selector: string): string {
  return selector.replaceAll(V1_NAMESPACE_LABEL, V3_NAMESPACE_LABEL);
}

/** Labels with the namespace label renamed, in byte order of their keys. `undefined` when there are none, as JSON leaves them out. */
export function convertLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  const keys = Object.keys(labels);
  if (keys.length === 0) return undefined;
  if (!keys.includes(V1_NAMESPACE_LABEL)) return sortedRecord(labels);
  return sortedRecord({ ...labels, [V3_NAMESPACE_LABEL]: labels[V1_NAMESPACE_LABEL]! }, (key) => key !== V1_NAMESPACE_LABEL);
}

/** Keys in byte order, as Go writes maps. */
export function sortedRecord(record: Readonly<Record<string, string>>, keep: (key: string) => boolean = () => true): Readonly<Record<string, string>> {
  const keys = Object.keys(record).filter(keep).sort(byteOrder);
  return Object.fromEntries(keys.map((key) => [key, record[key]!]));
}
