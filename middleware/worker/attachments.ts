import * as z from 'zod';
import type { Attachment } from '../../contract/attachment.ts';
import { TransactionContent } from '../../contract/transaction.ts';
import type { Database, Queries } from '../store/database.ts';

/** What came of a record's attachments. `broken`: all is here, and something is not what the record says. */
export type AttachmentsState = 'waiting' | 'whole' | 'broken';

export type JudgeAttachments = (queries: Queries, attachments: readonly Attachment[]) => Promise<AttachmentsState>;

const AwaitingRow = z.object({ case_id: z.string(), content: TransactionContent.pick({ attachments: true }), doubts: z.array(z.string()) });

const atOnce = 100;

/** Cases whose attachments have come meanwhile go on. Several workers look at different ones. */
export async function settleAwaiting({ database, judge }: { database: Database; judge: JudgeAttachments }): Promise<void> {
  let last = '00000000-0000-0000-0000-000000000000';
  for (let found = atOnce; found === atOnce; ) {
    found = await database.transaction(async (queries) => {
      const rows = await queries.query(
        `SELECT case_id::text, content, doubts FROM cases WHERE status = 'awaiting_attachment' AND case_id > $1::uuid
         ORDER BY case_id LIMIT $2::int FOR UPDATE SKIP LOCKED`,
        [last, atOnce],
      );
      for (const raw of rows) {
        const row = AwaitingRow.parse(raw);
        last = row.case_id;
        const state = await judge(queries, row.content.attachments);
        if (state === 'waiting') continue;
        const doubts = state === 'broken' ? [...row.doubts, 'attachment_broken'] : row.doubts;
        await queries.query('UPDATE cases SET status = $2, doubts = $3::text[] WHERE case_id = $1::uuid', [
          row.case_id,
          doubts.length > 0 ? 'doubted' : 'open',
          doubts,
        ]);
      }
      return rows.length;
    });
  }
}
