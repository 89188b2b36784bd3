import * as z from 'zod';
import { ActingAs, ReadPurpose, SourceId, Ssin, Subject, VisitId } from './file.ts';
import { TerminalId } from './ids.ts';

/**
 * One look at somebody's data: who, in which role, in whose name, why, at which fields, when, where. It is kept like any
 * transaction (sealed, chained, signed, delivered through the outbox), so nobody can take one out afterwards.
 */
export const Consultation = z.object({
  terminal: TerminalId,
  visit: VisitId,
  at: z.iso.datetime(),
  /** `suggestions`: no person looked, the terminal's own rules did. */
  role: z.enum(['citizen', 'clerk', 'helper', 'suggestions']),
  /** Who looked: the citizen's own number, a clerk's staff number; null for `suggestions`. */
  by: z.union([Ssin, z.string().max(100)]).nullable(),
  subject: Subject,
  actingAs: ActingAs,
  purpose: ReadPurpose,
  /** Which sources answered, and which kinds of items were shown: the fields of a file. */
  sources: z.array(SourceId).max(500),
  kinds: z.array(z.string().max(40)).max(20),
});
export type Consultation = z.infer<typeof Consultation>;
