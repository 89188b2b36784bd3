import { type ActingAs, FileLine, itemLimits, RolesReply } from '../../contract/file.ts';
import type { FileEnd } from '../../contract/file-view.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { mediaType, problems } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Line } from '../sync/line.ts';
import { readLines } from './read-lines.ts';

/** A text of 100 bytes an item would be short; what is larger than this is no person's file. */
const mostBytes = 64 * 1024 * 1024;

export type FileAsk = {
  visit: string;
  /** Of the grant. In a header, because addresses are written down. */
  token: string;
  actingAs: ActingAs;
  sources: readonly string[];
};

/** What of a person's file this terminal asks of the middleware. Neither throws. */
export type FileAsker = {
  /** Tells each line as it comes; answers how it ended. */
  read(ask: FileAsk, tell: (line: FileLine) => void, signal: AbortSignal): Promise<FileEnd>;
  findRoles(ask: Pick<FileAsk, 'visit' | 'token'>): Promise<Result<RolesReply, 'no_line'>>;
  /** The visit is over. Where the middleware does not hear it, the grant ends by itself within minutes. */
  endGrant(ask: Pick<FileAsk, 'visit' | 'token'>): Promise<void>;
};

export function createFileAsker({
  line,
  terminal,
  log,
}: {
  line: Pick<Line, 'request' | 'stream'>;
  terminal: string;
  log: Log;
}): FileAsker {
  const headersOf = (token: string) => ({ 'content-type': mediaType.json, authorization: `Bearer ${token}` });

  return {
    async read({ visit, token, actingAs, sources }, tell, signal) {
      try {
        const body = JSON.stringify({ terminal, visit, actingAs, sources });
        const answer = await line.stream('/v1/file', headersOf(token), body, signal);
        if (answer.status !== 200 || answer.mediaType !== mediaType.lines) return await readRefusal(answer);
        for await (const text of readLines(answer.body, { largest: itemLimits.line, most: mostBytes })) {
          const read = text.ok ? FileLine.safeParse(text.value) : null;
          if (!read?.success) {
            log('file_refused', { why: 'unreadable' });
            return 'not_believed';
          }
          if (read.data.line === 'end') return read.data.why;
          tell(read.data);
        }
      } catch {
        // The line went, or whoever read went.
      }
      return 'no_line';
    },

    async findRoles({ visit, token }) {
      try {
        const answer = await line.request('POST', '/v1/roles', headersOf(token), JSON.stringify({ terminal, visit }));
        const read = answer.status === 200 ? RolesReply.safeParse(JSON.parse(new TextDecoder().decode(answer.body))) : null;
        if (read?.success) return ok(read.data);
        log('reply_refused', { status: answer.status });
      } catch {
        // No connection, or no answer in time.
      }
      return refuse('no_line');
    },

    async endGrant({ visit, token }) {
      await line.request('POST', '/v1/grants/end', headersOf(token), JSON.stringify({ terminal, visit })).catch(() => undefined);
    },
  };

  async function readRefusal(answer: Awaited<ReturnType<Line['stream']>>): Promise<FileEnd> {
    log('reply_refused', { status: answer.status });
    if (answer.mediaType !== mediaType.problem) return 'no_line';
    for await (const text of readLines(closed(answer.body), { largest: 10_000, most: 10_000 })) {
      const type = text.ok && typeof text.value === 'object' && text.value !== null && 'type' in text.value ? text.value.type : null;
      if (type === problems.grantEnded.type) return 'grant_ended';
      if (type === problems.noMandate.type) return 'mandate_ended';
    }
    return 'no_line';
  }
}

/** A problem is one JSON text without the end of a line. */
async function* closed(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* body;
  yield Uint8Array.of(10);
}
