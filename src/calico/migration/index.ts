/** What the engine, the commands and the load tests use of the conversion. */
export { startConversion } from './conversion.ts';
export { convertWhole, leavesAt } from './convert-whole.ts';
export { convertKubernetes, type KubernetesV1 } from './kdd.ts';
export { isFailure, type Conversion, type ConversionOptions, type Converted, type Outcome, type Part, type V1Entry, type V1Path, type V1Read, type V3Object, type V3Resource } from './model.ts';
export { HOSTS } from './reads.ts';
export { REPORTS, reportEntry, reportList, type ReportFile } from './reports.ts';
export { customResource, pluralOf, storageKeyOf, storedObject, type Stamp, type Stored } from './storage.ts';
export { bulletLines, errorLines, messageLines, SEPARATOR } from './text.ts';
export { shouldMigrate, versionRequiresMigration, whyNotMigratable } from './versions.ts';
