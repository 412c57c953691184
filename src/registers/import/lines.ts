/** A line of a file with its number, counted from 1; without `text` when it is longer than the limit and was passed over. */
export interface Line {
  number: number;
  text?: string;
}

/** Longest line that is read, in UTF-16 units: a file without line ends must not fill the memory. */
export const LONGEST_LINE = 65_536;

/**
 * The lines of a file as they arrive, each ended by LF or CR LF; empty ones are counted and left out. Holds one chunk and one line.
 *
 * @param source the bytes in chunks of any size, e.g. `createReadStream(path)`
 * @param encoding a label of the WHATWG encoding standard; bytes that are no text become U+FFFD
 */
export async function* readLines(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder(encoding);
  let number = 0;
  let rest = '';
  let tooLong = false;

  function* take(text: string, last: boolean): Generator<Line> {
    const parts = (rest + text).split('\n');
    rest = last ? '' : (parts.pop() ?? '');
    for (const part of parts) {
      number++;
      const line = part.endsWith('\r') ? part.slice(0, -1) : part;
      if (tooLong || line.length > LONGEST_LINE) yield { number };
      else if (line.trim() !== '') yield { number, text: line };
      tooLong = false;
    }
    if (rest.length > LONGEST_LINE) {
      tooLong = true;
      rest = '';
    }
  }

  for await (const chunk of source) yield* take(decoder.decode(chunk, { stream: true }), false);
  yield* take(decoder.decode(), true);
}
