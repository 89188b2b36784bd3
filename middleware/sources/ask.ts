import { Pool } from 'undici';
import type { SilentWhy } from '../../contract/file.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { mediaType } from '../../contract/wire.ts';

/** JSON that somebody else wrote: anything may stand in it. */
export type Asked = Result<unknown, Exclude<SilentWhy, 'not_yours'>>;

export type Question = {
  path: string;
  /** The number of whoever it is about travels here, in the body. */
  body: object;
  deadlineMs: number;
  /** Nobody waits for it any more. */
  gone: AbortSignal;
};

export type Asker = {
  /** Never throws for what another machine does. Throws `AbortError` when `gone` says so. */
  ask(question: Question): Promise<Asked>;
  close(): Promise<void>;
};

/** An answer is read up to here. What is longer is not read to its end. */
export const largestAnswer = 8 * 1024 * 1024;

/** Held by one source at one time, so that one that is slow keeps none of another's. Further questions wait their turn. */
export const mostConnections = 24;

/**
 * One source's connections, kept and used again. The deadline is for all of it: waiting for a turn, connecting, the answer
 * to its last byte. Redirects are not followed, and nothing packed is unpacked: a small answer stays small.
 */
export function createAsker(base: URL): Asker {
  const pool = new Pool(base.origin, {
    connections: mostConnections,
    pipelining: 1,
    // The deadline below is the one that counts.
    connectTimeout: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16 * 1024,
  });
  return {
    async ask({ path, body, deadlineMs, gone }) {
      const late = AbortSignal.timeout(deadlineMs);
      try {
        const reply = await pool.request({
          method: 'POST',
          path,
          headers: { 'content-type': mediaType.json, accept: mediaType.json, 'accept-encoding': 'identity' },
          body: JSON.stringify(body),
          signal: AbortSignal.any([gone, late]),
        });
        if (reply.statusCode !== 200) {
          await reply.body.dump({ limit: 64 * 1024 });
          return refuse('failed');
        }
        return await readBody(reply.body, reply.headers);
      } catch (error) {
        gone.throwIfAborted();
        if (late.aborted) return refuse('no_answer');
        if (isOurs(error)) throw error;
        return refuse('failed');
      }
    },
    close: () => pool.destroy(),
  };
}

type Body = AsyncIterable<Buffer> & { destroy(): unknown };

async function readBody(body: Body, headers: Record<string, string | string[] | undefined>): Promise<Asked> {
  const type = String(headers['content-type'] ?? '').split(';')[0];
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  if (type !== mediaType.json || !isPlain) {
    drop(body);
    return refuse('unreadable');
  }
  if (Number(headers['content-length'] ?? 0) > largestAnswer) {
    drop(body);
    return refuse('too_much');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > largestAnswer) return refuse('too_much');
    chunks.push(chunk);
  }
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))));
  } catch {
    return refuse('unreadable');
  }
}

/** Its connection ends with it. */
function drop(body: Body): void {
  if ('on' in body && typeof body.on === 'function') body.on('error', () => undefined);
  body.destroy();
}

/** A mistake in this program, and no condition of the world. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}
