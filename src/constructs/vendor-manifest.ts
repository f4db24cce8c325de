import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Document, isMap, visit, type YAMLMap } from 'yaml';
import { placement } from '../plan/placement.ts';
import { parseManifestDocument, readManifestDocument, splitManifest, type ManifestDocument } from '../spec/manifest-text.ts';
import { place } from './placed.ts';
import { yamlText } from './yaml-text.ts';

export interface VendorManifestProps {
  /** The vendor's file. */
  readonly manifest: string;
  /** File of the output that holds its objects, without extension. */
  readonly file: string;
  /** Wave of one object inside the upgrade phase. @default 0, custom resource definitions -2 */
  readonly wave?: (document: ManifestDocument) => number;
  /** The waves are a wish: a sequencer that cannot wait in the middle of the upgrade may ignore them. @default false */
  readonly loose?: boolean;
  readonly why: string;
}

/**
 * The objects of a vendor's manifest, tracked. What nothing has to change is carried byte for byte, so that the diff in Git stays the vendor's own.
 * @throws Error that names the line of a document that is no Kubernetes object.
 */
export class VendorManifest extends Construct {
  readonly objects: readonly VendorObject[];

  constructor(scope: Construct, id: string, props: VendorManifestProps) {
    super(scope, id);
    this.objects = splitManifest(props.manifest).map((document, index) => {
      const object = new VendorObject(this, `n${index}-${document.kind}-${document.name}`, document);
      const wave = props.wave?.(document) ?? (document.kind === 'CustomResourceDefinition' ? -2 : 0);
      place(object, { placement: placement('upgrade', wave, 'tracked'), why: props.why, file: props.file, loose: props.loose ?? false });
      return object;
    });
  }

  /** The objects of a kind, and of a name if given. */
  find(kind: string, name?: string): readonly VendorObject[] {
    return this.objects.filter((object) => object.document.kind === kind && (name === undefined || object.document.name === name));
  }
}

/** One object of a vendor's manifest; parsed only when something changes it or looks inside. */
export class VendorObject extends ApiObject {
  readonly document: ManifestDocument;
  #parsed: Document | undefined;
  #edited = false;

  /** `instanceof` does not tell: cdk8s answers it for every ApiObject. */
  static isVendorObject(object: ApiObject): object is VendorObject {
    return #edited in object;
  }

  constructor(scope: Construct, id: string, document: ManifestDocument) {
    const { apiVersion, kind, name, namespace } = document;
    super(scope, id, { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } });
    this.document = document;
  }

  /** Whether anything has changed the vendor's text. */
  get isEdited(): boolean {
    return this.#edited;
  }

  /** The object as it stands, edits included; a copy. */
  read(): Record<string, unknown> {
    return (this.#parsed ? this.#parsed.toJS() : readManifestDocument(this.document.text)) as Record<string, unknown>;
  }

  /** Changes the parsed document; the vendor's comments and order survive. */
  edit(change: (document: Document) => void): void {
    change(this.#document());
    this.#edited = true;
  }

  override toJson(): Record<string, unknown> {
    const object = this.read();
    const annotations = this.#annotations();
    if (Object.keys(annotations).length === 0) return object;
    const metadata = object['metadata'] as { annotations?: Record<string, string> };
    return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } } };
  }

  /** YAML of the object with the annotations that a sequencer has added. */
  toText(): string {
    const annotations = Object.entries(this.#annotations());
    if (!this.#edited) {
      const text = annotations.length === 0 ? this.document.text : annotateText(this.document.text, annotations);
      if (text !== undefined) return text;
    }
    const document = this.#document().clone() as Document;
    mergePatch(document, { metadata: { annotations: Object.fromEntries(annotations) } });
    return yamlText(document);
  }

  #document(): Document {
    return (this.#parsed ??= editable(parseManifestDocument(this.document.text)));
  }

  #annotations(): Record<string, string> {
    return (this.metadata.toJson() as { annotations?: Record<string, string> }).annotations ?? {};
  }
}

/** What can't be changed in place is written out: what an alias stands for is shared by two places, and a key that occurs twice can't be written again (the last one counts). */
function editable(document: Document): Document {
  let hasAlias = false;
  visit(document, { Alias: () => ((hasAlias = true), visit.BREAK) });
  return hasAlias || document.errors.length > 0 ? new Document(document.toJS(), { version: '1.1', aliasDuplicateObjects: false }) : document;
}

/** Adds annotations to a block-style document in its text; `undefined` when its metadata have another style or one of the keys. */
function annotateText(text: string, annotations: readonly (readonly [string, string])[]): string | undefined {
  const metadata = /^metadata:[ \t]*\n/m.exec(text);
  if (!metadata || annotations.some(([key]) => text.includes(`${key}:`))) return undefined;
  const start = metadata.index + metadata[0].length;
  const end = text.slice(start).search(/^[^\s#]/m);
  const block = end < 0 ? text.slice(start) : text.slice(start, start + end);
  if (!/^ {2}name:/m.test(block)) return undefined;
  const lines = annotations.map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`).join('');
  const existing = /^ {2}annotations:(.*)\n/m.exec(block);
  if (!existing) return `${text.slice(0, start)}  annotations:\n${lines}${text.slice(start)}`;
  if (existing[1]?.trim() || !/^ {4}\S/.test(block.slice(existing.index + existing[0].length))) return undefined;
  const at = start + existing.index + existing[0].length;
  return `${text.slice(0, at)}${lines}${text.slice(at)}`;
}

/** Applies a JSON merge patch (RFC 7396) to a document in place. */
export function mergePatch(document: Document, patch: Readonly<Record<string, unknown>>, path: readonly string[] = []): void {
  for (const [key, value] of Object.entries(patch)) {
    const here = [...path, key];
    if (value === null) {
      document.deleteIn(here);
    } else if (typeof value === 'object' && !Array.isArray(value)) {
      if (!isMap(document.getIn(here, true))) document.setIn(here, document.createNode({}));
      mergePatch(document, value as Record<string, unknown>, here);
    } else {
      document.setIn(here, document.createNode(value));
    }
  }
}

/** The entry of a sequence of named mappings, such as a container; `undefined` when there is none. */
export function namedEntry(document: Document, path: readonly (string | number)[], name: string): YAMLMap | undefined {
  const sequence = document.getIn(path, true) as { items?: unknown[] } | undefined;
  return sequence?.items?.filter(isMap).find((item) => item.get('name') === name);
}
