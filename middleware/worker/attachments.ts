import * as z from 'zod';
import type { Attachment } from '../../contract/attachment.ts';
import { TransactionContent } from '../../contract/transaction.ts';
import type { Database, Queries } from '../store/database.ts';

/** What came of a record's attachments. `broken`: all is here, and something is not what the record says. */
export type AttachmentsState = 'waiting' | 'whole' | 'broken';

export type JudgeAttachments = (queries: Queries, attachments: readonly Attachment[]) => Promise<AttachmentsState>;

const AwaitingRow = z.object({ content: TransactionContent.pick({ attachments: true }), doubts: z.array(z.string()) });

/**
 * A case is looked at once more when it was opened, because its attachment may have come in that very moment, so that neither
 * saw the other. Then this long after, if nothing came: whatever happened, it is not forgotten.
 */
const lookAgainMs = 3_600_000;
const atOnce = 100;

type Parts = { database: Database; judge: JudgeAttachments; now: () => Date; log: { error(fields: object, event: string): void } };

/** Cases go on for whose attachments something came, and those that are due are looked at. Any number of others may wait. */
export async function settleAwaiting(parts: Parts): Promise<void> {
  for (const take of [takeNews, takeDue]) for (let found = atOnce; found === atOnce; ) found = await take(parts);
}

/** News is struck off last: whoever is stopped in between leaves it to the next look. */
async function takeNews(parts: Parts): Promise<number> {
  const news = await parts.database.query('SELECT id::text FROM attachment WHERE news ORDER BY id LIMIT $1::int', [atOnce]);
  const ids = news.map(({ id }) => String(id));
  if (ids.length === 0) return 0;
  const cases = await parts.database.query('SELECT DISTINCT case_id::text FROM awaited WHERE attachment = ANY($1::uuid[])', [ids]);
  for (const { case_id } of cases) await settle(parts, String(case_id));
  await parts.database.query('UPDATE attachment SET news = false WHERE id = ANY($1::uuid[])', [ids]);
  return ids.length;
}

/** Put off first: a case at which the program fails keeps no other waiting. */
async function takeDue(parts: Parts): Promise<number> {
  const at = parts.now();
  const cases = await parts.database.query(
    `UPDATE cases SET look_at = $2::timestamptz WHERE case_id IN (
       SELECT case_id FROM cases WHERE status = 'awaiting_attachment' AND look_at <= $1::timestamptz
       ORDER BY look_at LIMIT $3::int FOR UPDATE SKIP LOCKED) RETURNING case_id::text`,
    [at.toISOString(), new Date(at.getTime() + lookAgainMs).toISOString(), atOnce],
  );
  for (const { case_id } of cases) await settle(parts, String(case_id));
  return cases.length;
}

async function settle({ database, judge, log }: Parts, caseId: string): Promise<void> {
  try {
    await database.transaction(async (queries) => {
      const [raw] = await queries.query(
        `SELECT content, doubts FROM cases WHERE case_id = $1::uuid AND status = 'awaiting_attachment' FOR UPDATE`,
        [caseId],
      );
      if (raw === undefined) return;
      const row = AwaitingRow.parse(raw);
      const state = await judge(queries, row.content.attachments);
      if (state === 'waiting') return;
      const doubts = state === 'broken' ? [...row.doubts, 'attachment_broken'] : row.doubts;
      await queries.query('UPDATE cases SET status = $2, doubts = $3::text[] WHERE case_id = $1::uuid', [
        caseId,
        doubts.length > 0 ? 'doubted' : 'open',
        doubts,
      ]);
      await queries.query('DELETE FROM awaited WHERE case_id = $1::uuid', [caseId]);
    });
  } catch (error) {
    log.error({ err: error }, 'case_not_settled');
  }
}
