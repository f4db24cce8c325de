/**
 * A reader that has seen enough, such as `head`, closes the pipe; what is left is written to nobody, and that is no failure. A full disk is one.
 * @param fail told in a sentence what can't be written
 */
export function handleOutputErrors(stream: NodeJS.WritableStream, fail: (message: string) => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') fail(`the output can't be written: ${error.message}`);
  });
}
