/** A reader that has seen enough, such as `head`, closes the pipe; what is left is written to nobody, and that is no failure. */
export function allowClosedPipe(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
