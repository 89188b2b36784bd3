import { Agent, request } from 'undici';
import { ok, type Result, refuse } from '../../contract/result.ts';

export type Unreachable = 'no_answer' | 'refused' | 'too_large';

export type FetchBounded = (
  url: URL,
  how: { body?: Uint8Array; type?: string; limit: number; timeoutMs: number },
) => Promise<Result<Buffer, Unreachable>>;

/**
 * One exchange with a deadline for the whole of it and an end to its size. Redirects are not followed (undici's `request`
 * does not unless told to) and no content coding is asked for or undone: a small answer cannot grow here.
 */
export function createFetch(): { fetch: FetchBounded; close(): Promise<void> } {
  const agent = new Agent({ connections: 8, pipelining: 1 });
  return {
    close: () => agent.destroy(),
    async fetch(url, { body, type, limit, timeoutMs }) {
      try {
        const { body: answer, statusCode } = await request(url, {
          dispatcher: agent,
          method: body === undefined ? 'GET' : 'POST',
          body: body ?? null,
          headers: { 'accept-encoding': 'identity', ...(type === undefined ? {} : { 'content-type': type }) },
          signal: AbortSignal.timeout(timeoutMs),
        });
        // Cutting it off is an error of the stream, and an error that nobody listens for ends the process.
        answer.on('error', () => undefined);
        if (statusCode !== 200) {
          answer.destroy();
          return refuse('refused');
        }
        return await readUpTo(answer, limit);
      } catch {
        // Name not found, refused, reset, aborted by the deadline: all mean that this one said nothing.
        return refuse('no_answer');
      }
    },
  };
}

async function readUpTo(answer: AsyncIterable<Buffer>, limit: number): Promise<Result<Buffer, 'too_large'>> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer) {
    size += piece.length;
    // Leaving the loop destroys the stream and its connection.
    if (size > limit) return refuse('too_large');
    pieces.push(piece);
  }
  return ok(Buffer.concat(pieces));
}
