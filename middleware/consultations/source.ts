import * as z from 'zod';
import { belgianDayOf } from '../../contract/belgian-day.ts';
import { ActingAs, keyOfSubject, type SourceText, type Subject } from '../../contract/file.ts';
import type { Queries } from '../store/database.ts';
import { readTerminalNames } from '../terminals/manage.ts';
import { type Decision, readDecisions } from './read-decisions.ts';
import { describeBy, describeKinds, describeLook, describePurpose, words } from './sentences.ts';

const Row = z.object({
  place: z.number(),
  told_by: z.enum(['terminal', 'middleware']),
  at: z.date(),
  terminal: z.string(),
  role: z.enum(['citizen', 'clerk', 'helper', 'suggestions']),
  looked_by: z.string().nullable(),
  acting_as: ActingAs,
  purpose: z.enum(['own_file', 'suggestions', 'desk', 'help']),
  sources: z.number(),
  kinds: z.array(z.string()),
  doubts: z.array(z.string()),
});
export type ConsultationRow = z.infer<typeof Row>;

const shown = 2_000;

/**
 * Who looked at somebody's data, for that somebody; newest first. One look is told up to three times, and shown once, as what
 * says most of it: by this middleware when it answered, by the terminal when it began, and when it knew what had been read
 * (the same moment, with kinds). A word that is in doubt takes the place of none.
 */
const lookups = `SELECT place::float8 AS place, told_by, at, terminal, role, looked_by, acting_as, purpose, cardinality(sources) AS sources, kinds, doubts
  FROM consultation c WHERE subject = $1 AND NOT EXISTS (
    SELECT 1 FROM consultation t WHERE t.subject = c.subject AND t.told_by = 'terminal' AND t.visit = c.visit AND t.terminal = c.terminal
      AND t.role = c.role AND t.purpose = c.purpose AND t.looked_by IS NOT DISTINCT FROM c.looked_by AND cardinality(t.doubts) = 0
      AND CASE WHEN c.told_by = 'middleware' THEN t.sources @> c.sources AND t.kinds @> c.kinds
        ELSE cardinality(c.kinds) = 0 AND cardinality(t.kinds) > 0 AND cardinality(t.sources) > 0 AND t.at = c.at AND c.sources @> t.sources
          AND cardinality(c.doubts) = 0 END)
  ORDER BY at DESC, place DESC LIMIT $2::int`;

/** The source `consultations`: looks at somebody's data as sentences. */
export async function readConsultations(queries: Queries, subject: Subject): Promise<Record<string, unknown>[]> {
  const rows = z.array(Row).parse(await queries.query(lookups, [keyOfSubject(subject), shown]));
  const names = await readTerminalNames(queries);
  const decisions = await readDecisions(queries, subject);
  return [
    ...rows.map((row) => describeRow(row, subject, names.get(row.terminal) ?? row.terminal)),
    ...decisions.map((decision) => describeDecision(decision, subject)),
  ];
}

function describeRow(row: ConsultationRow, subject: Subject, terminal: string): Record<string, unknown> {
  const isOwn = row.role === 'citizen' && row.looked_by === keyOfSubject(subject);
  return {
    id: `look-${row.place}`,
    kind: 'consultation',
    subject,
    title: describeLook(row, { isOwn, terminal }),
    theme: 'citizen_and_government',
    on: belgianDayOf(row.at),
    at: row.at.toISOString(),
    by: describeBy(row, { isOwn, terminal }),
    purpose: describePurpose(row.purpose),
    fields: row.kinds.length > 0 ? describeKinds(row.kinds) : [describeSources(row.sources)],
    ...(row.doubts.length > 0 && { next: words.unproven }),
  };
}

function describeDecision({ id, at, reference, act }: Decision, subject: Subject): Record<string, unknown> {
  return {
    id: `decision-${id}`,
    kind: 'consultation',
    subject,
    title: words.decided,
    theme: 'citizen_and_government',
    on: belgianDayOf(at),
    at: at.toISOString(),
    by: words.operator,
    purpose: act === 'release_held' ? words.released : words.rejected,
    fields: [words.reference],
    number: reference,
  };
}

function describeSources(count: number): SourceText {
  if (count === 1) return { nl: '1 bron gevraagd', fr: '1 source interrogée', de: '1 Quelle befragt', en: '1 source asked' };
  const n = String(count);
  return { nl: `${n} bronnen gevraagd`, fr: `${n} sources interrogées`, de: `${n} Quellen befragt`, en: `${n} sources asked` };
}
