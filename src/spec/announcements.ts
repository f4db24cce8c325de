import { parametersOf, type Parameter } from './parameters.ts';
import type { ParsedSpec } from './document-reader.ts';

/** A parameter as Argo CD's user interface wants it (argo-cd v3.2, ParameterAnnouncement). Values are what holds without the parameter. */
export interface Announcement {
  readonly name: string;
  readonly title: string;
  readonly tooltip: string;
  readonly required: boolean;
  readonly itemType: Parameter['type'];
  readonly collectionType: Parameter['collection'];
  readonly string?: string;
  readonly array?: readonly string[];
  readonly map?: Readonly<Record<string, string>>;
}

/** The parameters of a spec: its value where the file has one, else the default. None is required: the file is complete. */
export function announcementsOf({ kind, written }: ParsedSpec): readonly Announcement[] {
  return parametersOf(kind.schema).map((parameter) => {
    const { name, description, type, collection } = parameter;
    return { name, title: name, tooltip: description, required: false, itemType: type, collectionType: collection, ...valueOf(parameter, written) };
  });
}

function valueOf({ name, collection, default: preset }: Parameter, written: unknown): Pick<Announcement, Parameter['collection']> {
  const value = name.split('.').reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], written) ?? preset;
  if (value === undefined || value === null) return {};
  if (collection === 'array') return { array: (value as readonly unknown[]).map(String) };
  if (collection === 'map') return { map: Object.fromEntries(Object.entries(value as object).map(([key, member]) => [key, String(member)])) };
  return { string: String(value) };
}
