import type { ApiObject } from 'cdk8s';
import { Document } from 'yaml';
import { VendorObject } from './vendor-manifest.ts';
import { writeSimpleYaml } from './write-simple-yaml.ts';
import { yamlText } from './yaml-text.ts';

/** YAML of one object, without a document marker, ending with a line break. */
export function renderObject(object: ApiObject): string {
  if (VendorObject.isVendorObject(object)) return object.toText();
  return renderYaml(object.toJson());
}

/** YAML of a plain object in the form of all generated files. */
export function renderYaml(object: object): string {
  return writeSimpleYaml(object) ?? yamlText(new Document(object, { version: '1.1', aliasDuplicateObjects: false }));
}
