/** What the migration uses of the YAML library. Import this file lazily: a bundle gives a library that is imported lazily by name other names. */
export { parseDocument, stringify } from 'yaml';
