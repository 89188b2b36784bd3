import * as z from 'zod';
import { ActingAs, GrantToken, SourceId, VisitId } from './file.ts';
import { TerminalId } from './ids.ts';
import { Language } from './language.ts';

/** `email`: to the address that the person verified. `phone`: behind a code that the own telephone reads, once and for minutes. */
export const HandoverWay = z.enum(['email', 'phone']);
export type HandoverWay = z.infer<typeof HandoverWay>;

/** `POST /v1/handovers`, with the grant. The middleware asks the source itself: what the terminal holds is not sent on. */
export const HandoverRequest = z.object({
  terminal: TerminalId,
  visit: VisitId,
  actingAs: ActingAs,
  source: SourceId,
  item: z.string().min(1).max(200),
  way: HandoverWay,
  language: Language,
});
export type HandoverRequest = z.infer<typeof HandoverRequest>;

export const HandoverReply = z.discriminatedUnion('status', [
  /** `token`: random; the end of the address at which the page can be opened once. */
  z.object({ status: z.literal('ready'), token: GrantToken, expiresInMs: z.int().positive() }),
  /** `to`: masked. */
  z.object({ status: z.literal('sent'), to: z.string().max(254) }),
  /** `gone`: its source does not have it any more, or does not answer. `no_address`: none that was verified. */
  z.object({ status: z.literal('refused'), why: z.enum(['gone', 'no_address', 'not_sent']) }),
]);
export type HandoverReply = z.infer<typeof HandoverReply>;
