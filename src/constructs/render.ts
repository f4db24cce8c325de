import type { ApiObject } from 'cdk8s';
import { stringify } from 'yaml';
import { VendorObject } from './vendor-manifest.ts';

/** YAML of one object, without a document marker, ending with a line break. */
export function renderObject(object: ApiObject): string {
  if (VendorObject.isVendorObject(object)) return object.toText();
  return stringify(object.toJson(), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
