/** Documents that are nearly right: made from the published JSON Schema of a kind, then damaged in a few places. */
import fc from 'fast-check';
import type { JsonSchema } from '../../../src/spec/json-schema.ts';

type Node = JsonSchema & {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
};

/** Values that make sense where the schema only knows a pattern: by the last key of the path. */
export type Known = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** What the schema allows. */
export function fromSchema(schema: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  return valueOf(schema as Node, '', known);
}

function valueOf(node: Node, key: string, known: Known): fc.Arbitrary<unknown> {
  if (known[key]) return known[key];
  if ('const' in node) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  if (node.anyOf) return fc.oneof(...node.anyOf.map((one) => valueOf(one, key, known)));
  if (node.type === 'object') return objectOf(node, known);
  if (node.type === 'array') return fc.array(valueOf(node.items ?? {}, `${key}[]`, known), { maxLength: 2 });
  if (node.type === 'boolean') return fc.boolean();
  if (node.type === 'string') return node.pattern?.startsWith('^(?!') === false ? fc.stringMatching(new RegExp(node.pattern)) : fc.string({ minLength: 1, maxLength: 12 });
  return JSON_VALUE;
}

function objectOf({ properties, required = [], additionalProperties }: Node, known: Known): fc.Arbitrary<unknown> {
  if (!properties) return fc.dictionary(fc.oneof(WORD, fc.string({ maxLength: 6 })), valueOf(additionalProperties as Node, '', known), { maxKeys: 3 });
  const members = Object.entries(properties).map(([key, member]) => [key, valueOf(member, key, known), required.includes(key)] as const);
  return fc.record(Object.fromEntries(members.map(([key, value, isRequired]) => [key, isRequired ? value : seldom(value)])));
}

/** Left out more often than not: a spec with every option at once is rarely right. */
function seldom<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: value });
}

/** Words that mean something in an object of Kubernetes. */
const WORD = fc.constantFrom('metadata', 'annotations', 'labels', 'spec', 'template', 'containers', 'initContainers', 'volumes', 'env', 'name', 'image', 'data', 'updateStrategy', 'selector', 'status');
const SCALAR = fc.oneof(fc.constantFrom<unknown>(null, true, 0, -1, 1.5, '', ' ', 'x', 'y\n', '# x', '{{ x }}', '~', 'on', '1e3', '0x10', '<X>'), fc.string({ maxLength: 6 }));
export const JSON_VALUE: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 5 }, SCALAR, fc.dictionary(WORD, tie('tree'), { minKeys: 1, maxKeys: 2 }), fc.array(tie('tree'), { maxLength: 2 })),
})).tree;

/** The document with up to three places changed: exchanged, taken away, or with a key too many. Mostly none, so that most of it is right. */
export function damaged(document: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const damage = fc.record({ at: fc.nat(), what: fc.constantFrom('exchange', 'remove', 'add'), value: JSON_VALUE });
  const damages = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(damage, { minLength: 1, maxLength: 3 }) });
  return fc.tuple(document, damages).map(([whole, list]) => list.reduce((value, one) => change(value, one), whole));
}

interface Damage {
  readonly at: number;
  readonly what: string;
  readonly value: unknown;
}

function change(whole: unknown, { at, what, value }: Damage): unknown {
  const copy = structuredClone(whole);
  const places = placesIn(copy);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return value;
  const [parent, key] = place;
  if (what === 'exchange') parent[key] = value;
  else if (what === 'remove') Reflect.deleteProperty(parent, key);
  else parent[`${key}x`] = value;
  return copy;
}

type Parent = Record<string, unknown>;

function placesIn(value: unknown): readonly (readonly [parent: Parent, key: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [[value as Parent, key] as const, ...placesIn(member)]);
}

/** A text with up to three of its lines lost, doubled, moved to the side or with another value, or cut off. */
export function damagedLines(text: string): fc.Arbitrary<string> {
  const damage = fc.record({ at: fc.nat(), what: fc.constantFrom('lose', 'double', 'indent', 'outdent', 'value', 'cut'), value: fc.constantFrom('', '5', 'null', '[]', '{}', '[a]', '{a: b}', '"', '*x', '&x y', '|', '- a', '!!binary x', '\t') });
  return fc.array(damage, { minLength: 1, maxLength: 3 }).map((list) => list.reduce((lines, one) => changeLine(lines, one), text.split('\n')).join('\n'));
}

function changeLine(lines: readonly string[], { at, what, value }: { readonly at: number; readonly what: string; readonly value: string }): string[] {
  const index = at % lines.length;
  const line = lines[index] ?? '';
  if (what === 'cut') return lines.slice(0, index);
  const changed = { lose: [], double: [line, line], indent: [`  ${line}`], outdent: [line.replace(/^ {2}/, '')], value: [line.replace(/:.*/, `: ${value}`)] }[what] ?? [line];
  return [...lines.slice(0, index), ...changed, ...lines.slice(index + 1)];
}
