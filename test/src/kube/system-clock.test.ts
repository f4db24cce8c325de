import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/kube/system-clock.ts';

afterEach(() => void vi.restoreAllMocks());

test('a jump of the machine\'s clock is not seen', () => {
  const before = systemClock.now();
  const real = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(real + 3_600_000);
  expect(Math.abs(before - real)).toBeLessThan(1_000);
  expect(systemClock.now() - before).toBeLessThan(1_000);
});
