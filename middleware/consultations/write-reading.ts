import { keyOfSubject } from '../../contract/file.ts';
import type { ReadingNote } from '../sources/routes.ts';
import type { Queries } from '../store/database.ts';

/**
 * That this middleware answered, in its own words. The terminal writes down what was shown, and says so later; one that says
 * nothing hides no reading by it.
 */
export async function writeReading(queries: Queries, note: ReadingNote & { at: Date; kinds?: readonly string[] }): Promise<void> {
  await queries.query(
    `INSERT INTO consultation (told_by, at, terminal, visit, role, looked_by, subject, acting_as, purpose, sources, kinds, doubts)
     VALUES ('middleware', $1::timestamptz, $2, $3::uuid, 'citizen', $4, $5, $6::text::jsonb, 'own_file', $7::text[], $8::text[], '{}')`,
    [
      note.at.toISOString(),
      note.terminal,
      note.visit,
      note.by,
      keyOfSubject(note.subject),
      JSON.stringify(note.actingAs),
      note.sources,
      note.kinds ?? [],
    ],
  );
}
