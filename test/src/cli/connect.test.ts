import { expect, test } from 'vitest';
import { adviceOn } from '../../../src/cli/connect.ts';
import { ApiError, ApiUnavailable } from '../../../src/kube/errors.ts';

test('an API server that does not answer, or does not know who asks, comes with a way on', () => {
  expect(adviceOn(new ApiUnavailable('GET /api: refused'))).toMatch(/fix: .*kubectl version/);
  expect(adviceOn(new ApiError(401, 'Unauthorized', 'GET /api: 401'))).toMatch(/fix: .*log in/);
});

test('a missing right says itself what is missing', () => {
  expect(adviceOn(new ApiError(403, 'Forbidden', 'GET /api: 403 user x cannot list configmaps'))).toBe('');
});
