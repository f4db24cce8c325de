import type { Conversion, ConversionOptions, Outcome, V1Entry } from './model.ts';

/** Starts a conversion. */
export declare function startConversion(options: ConversionOptions): Conversion;

/** Converts a whole datastore at once: for tests and small data. Hosts are taken from the paths. */
export declare function convertV1(entries: readonly V1Entry[], options: Pick<ConversionOptions, 'datastore'>): Iterable<Outcome>;
