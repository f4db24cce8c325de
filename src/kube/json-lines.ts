/** Splits a stream of text chunks into lines; chunks may end anywhere. An unfinished last line is dropped: its event was never whole. */
export async function* jsonLines<T>(chunks: AsyncIterable<string>): AsyncGenerator<T> {
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...more] = chunk.split('\n');
    rest.push(first);
    for (const part of more) {
      const line = rest.join('');
      rest = [part];
      if (line.trim() !== '') yield JSON.parse(line) as T;
    }
  }
}
