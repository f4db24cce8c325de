import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { handleOutputErrors } from '../../../src/cli/output-errors.ts';

test('a reader that closes the pipe is no failure; anything else is', () => {
  const stream = new PassThrough();
  const failures: string[] = [];
  handleOutputErrors(stream, (message) => void failures.push(message));
  stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  stream.emit('error', Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
  expect(failures).toEqual(["the output can't be written: ENOSPC: no space left on device, write"]);
});
