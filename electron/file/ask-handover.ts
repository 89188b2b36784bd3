import type { ActingAs } from '../../contract/file.ts';
import { HandoverReply, type HandoverWay } from '../../contract/handover.ts';
import type { Language } from '../../contract/language.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { mediaType, problems } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Line } from '../sync/line.ts';
import type { ItemName } from './find-item.ts';

export type HandoverAsk = {
  visit: string;
  /** Of the grant. */
  token: string;
  actingAs: ActingAs;
  item: Pick<ItemName, 'source' | 'id'>;
  way: HandoverWay;
  language: Language;
};

/** Asks the middleware to bring a thing of the file to the person. Never rejects. */
export type HandoverAsker = (ask: HandoverAsk) => Promise<Result<HandoverReply, 'no_line' | 'sign_in'>>;

export function createHandoverAsker(parts: { line: Pick<Line, 'request'>; terminal: string; log: Log }): HandoverAsker {
  const { line, terminal, log } = parts;
  return async ({ visit, token, actingAs, item, way, language }) => {
    try {
      const headers = { 'content-type': mediaType.json, authorization: `Bearer ${token}` };
      const body = JSON.stringify({ terminal, visit, actingAs, source: item.source, item: item.id, way, language });
      const answer = await line.request('POST', '/v1/handovers', headers, body);
      const said: unknown = JSON.parse(new TextDecoder().decode(answer.body));
      const read = answer.status === 200 ? HandoverReply.safeParse(said) : null;
      if (read?.success) return ok(read.data);
      log('reply_refused', { status: answer.status });
      const type = typeof said === 'object' && said !== null && 'type' in said ? said.type : null;
      if (type === problems.grantEnded.type || type === problems.noMandate.type) return refuse('sign_in');
    } catch {
      // No connection, or no answer in time.
    }
    return refuse('no_line');
  };
}
