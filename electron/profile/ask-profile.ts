import type * as z from 'zod';
import type { Language } from '../../contract/language.ts';
import { CodeReply, ConfirmReply, type ContactChannel, ProfileReply } from '../../contract/profile.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { mediaType, Problem, problems } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Line } from '../sync/line.ts';

/** Whose visit, with the token of its grant. */
export type ProfileAsk = { visit: string; token: string };
export type ProfileRefusal = 'no_line' | 'grant_ended';

/** What of a person's profile this terminal asks of the middleware. None throws. */
export type ProfileAsker = {
  read(ask: ProfileAsk): Promise<Result<ProfileReply, ProfileRefusal>>;
  sendCode(ask: ProfileAsk, to: { channel: ContactChannel; value: string; language: Language }): Promise<Result<CodeReply, ProfileRefusal>>;
  confirm(ask: ProfileAsk, answer: { verification: string; code: string }): Promise<Result<ConfirmReply, ProfileRefusal>>;
};

export function createProfileAsker({ line, terminal, log }: { line: Pick<Line, 'request'>; terminal: string; log: Log }): ProfileAsker {
  async function ask<T>(path: string, { visit, token }: ProfileAsk, more: object, shape: z.ZodType<T>): Promise<Result<T, ProfileRefusal>> {
    try {
      // The token in a header, because addresses are written down.
      const headers = { 'content-type': mediaType.json, authorization: `Bearer ${token}` };
      const answer = await line.request('POST', path, headers, JSON.stringify({ terminal, visit, ...more }));
      const body: unknown = JSON.parse(new TextDecoder().decode(answer.body));
      const read = answer.status === 200 && answer.mediaType === mediaType.json ? shape.safeParse(body) : null;
      if (read?.success) return ok(read.data);
      log('reply_refused', { status: answer.status });
      if (answer.status === 401 && Problem.safeParse(body).data?.type === problems.grantEnded.type) return refuse('grant_ended');
    } catch {
      // No connection, no answer in time, or something that is not JSON: for the person it is all the same.
    }
    return refuse('no_line');
  }

  return {
    read: (asking) => ask('/v1/profile', asking, {}, ProfileReply),
    sendCode: (asking, to) => ask('/v1/profile/codes', asking, to, CodeReply),
    confirm: (asking, answer) => ask('/v1/profile/confirmations', asking, answer, ConfirmReply),
  };
}
