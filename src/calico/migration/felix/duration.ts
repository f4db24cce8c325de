/** Nanoseconds in one second and one millisecond. */
export const UNITS = { seconds: 1e9, milliseconds: 1e6 } as const;

const LARGEST = 2 ** 63;

/** A decimal number of units as nanoseconds, cut to whole ones as Go does; `undefined` for anything else, infinity and overflow included. */
export function parseNanoseconds(text: string, unit: number): bigint | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const nanoseconds = Math.trunc(Number(text) * unit);
  return Math.abs(nanoseconds) < LARGEST ? BigInt(nanoseconds) : undefined;
}

/** As Go prints a `time.Duration`: `1m30s`, `12.345s`, `50.325ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 0n) return `-${formatDuration(-nanoseconds)}`;
  const small = SMALL_UNITS.find(([size]) => nanoseconds < size * 1000n);
  if (small && nanoseconds < 1_000_000_000n) return fraction(nanoseconds, small[0]) + small[1];
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${fraction(nanoseconds % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

const SMALL_UNITS: readonly (readonly [bigint, string])[] = [
  [1n, 'ns'],
  [1000n, '\u00b5s'],
  [1_000_000n, 'ms'],
];

function fraction(value: bigint, unit: bigint): string {
  const digits = String(value % unit)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '');
  return digits === '' ? String(value / unit) : `${value / unit}.${digits}`;
}
