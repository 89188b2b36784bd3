import { ok, type Result, refuse } from '../../contract/result.ts';

/**
 * The lines of a stream of JSON texts, one in each line, as they come. Refuses, and ends with that, where a line is longer
 * than `largest` bytes, the whole longer than `most`, or something is no UTF-8 or no JSON.
 */
export async function* readLines(
  body: AsyncIterable<Uint8Array>,
  { largest, most }: { largest: number; most: number },
): AsyncGenerator<Result<unknown, 'unreadable'>> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let total = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (total > most) return yield refuse('unreadable');
    let from = 0;
    for (let end = chunk.indexOf(10, from); end >= 0; end = chunk.indexOf(10, from)) {
      pieces.push(chunk.subarray(from, end));
      const line = parse(pieces);
      yield line;
      if (!line.ok) return;
      from = end + 1;
      pieces = [];
      length = 0;
    }
    // The chunk belongs to whoever gave it.
    if (from < chunk.length) pieces.push(chunk.slice(from));
    length += chunk.length - from;
    if (length > largest) return yield refuse('unreadable');
  }
  // What is left was cut off in the middle: the line went.
}

function parse(pieces: readonly Uint8Array[]): Result<unknown, 'unreadable'> {
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))));
  } catch {
    return refuse('unreadable');
  }
}
