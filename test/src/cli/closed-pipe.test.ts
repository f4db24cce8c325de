import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { allowClosedPipe } from '../../../src/cli/closed-pipe.ts';

test('a reader that closes the pipe is no failure; anything else is', () => {
  const stream = new PassThrough();
  allowClosedPipe(stream);
  expect(() => stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).not.toThrow();
  expect(() => stream.emit('error', Object.assign(new Error('no space'), { code: 'ENOSPC' }))).toThrow('no space');
});
