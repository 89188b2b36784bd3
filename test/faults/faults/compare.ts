import * as z from 'zod';
import type { PublicJwk } from '../../../contract/key-set.ts';
import type { Database } from '../../../middleware/store/database.ts';
import { readOutbox } from '../../harness/read-outbox.ts';
import { readJournal, type Told } from './citizen-journal.ts';

export type Comparison = {
  /** What people were told is kept. */
  acknowledged: number;
  /** Photos of those. */
  photos: number;
  /** Of those, what had no effect and is not stated as lost either; and each photo that is not there whole. */
  lost: number;
  /** Of those, what the terminal noticed to be gone and stated so. */
  statedLost: number;
  /** Had more than one effect, or was taken in more than once; and each photo of which a piece is there twice. */
  duplicated: number;
  /** Took effect after a later one of the same terminal, queue and lane. */
  reordered: number;
  /** Shown as received without a receipt that verifies; or received, and not in the middleware. */
  unverified: number;
  /** What the terminal refused to keep, and said so. */
  refused: number;
  /** Had an effect without an acknowledgement: killed between the two. */
  unasked: number;
};

const InboxRow = z.object({
  tx_id: z.string(),
  terminal: z.string(),
  generation: z.string(),
  sequence: z.number(),
  lane: z.string(),
  reference: z.string(),
  record: z.instanceof(Uint8Array),
  state: z.string(),
});
type InboxRow = z.infer<typeof InboxRow>;
const EffectRow = z.object({ tx_id: z.string() });
const PhotoRow = z.object({ id: z.string(), state: z.string(), length: z.number(), there: z.number() });
const MissingRow = z.object({ terminal: z.string(), generation: z.string(), first_sequence: z.number(), last_sequence: z.number() });

export type Terminals = readonly { name: string; data: string; journal: string }[];

/**
 * Holds what people were told against what the terminals' disks, the middleware's tables and its own list of effects say.
 * `complain`: one line for each thing that is not as it should be.
 */
export async function compare(
  database: Database,
  terminals: Terminals,
  receiptKeys: readonly PublicJwk[],
  complain: (line: string) => void,
): Promise<Comparison> {
  const inbox = await readAll(
    database,
    `SELECT tx_id::text, terminal, generation, sequence::float8, lane, reference, record, state FROM inbox`,
    InboxRow,
  );
  const effects = await readAll(database, 'SELECT tx_id::text FROM watched_effect ORDER BY place', EffectRow);
  const missing = await readAll(
    database,
    'SELECT terminal, generation, first_sequence::float8, last_sequence::float8 FROM missing',
    MissingRow,
  );
  const photos = await readAll(
    database,
    `SELECT id::text, state, length::float8, coalesce((SELECT sum(octet_length(content)) FROM attachment_piece WHERE attachment = id), 0)::float8
       AS there FROM attachment`,
    PhotoRow,
  );
  const photoById = new Map(photos.map((photo) => [photo.id, photo]));
  const taken = Map.groupBy(inbox, ({ tx_id }) => tx_id);
  const executed = Map.groupBy(effects, ({ tx_id }) => tx_id);
  const result: Comparison = {
    acknowledged: 0,
    photos: 0,
    lost: 0,
    statedLost: 0,
    duplicated: 0,
    reordered: 0,
    unverified: 0,
    refused: 0,
    unasked: 0,
  };

  for (const terminal of terminals) {
    const told = readJournal(terminal.journal);
    result.acknowledged += told.kept.size;
    result.refused += told.refused;
    for (const [txId, kept] of told.kept) {
      const [row] = taken.get(txId) ?? [];
      result.photos += kept.photos.length;
      for (const id of kept.photos) {
        const photo = photoById.get(id);
        if (photo?.state === 'whole' && photo.there === photo.length) continue;
        result[photo !== undefined && photo.there > photo.length ? 'duplicated' : 'lost'] += 1;
        complain(`photo of ${terminal.name} ${kept.sequence}: ${photo?.state ?? 'not there'}, ${photo?.there} of ${photo?.length}`);
      }
      if (row && isWhatWasKept(row, kept) && executed.has(txId)) continue;
      const stated = missing.some(
        ({ terminal: name, generation, first_sequence: first, last_sequence: last }) =>
          name === terminal.name && generation === kept.generation && kept.sequence >= first && kept.sequence <= last,
      );
      result[stated ? 'statedLost' : 'lost'] += 1;
      complain(
        `${stated ? 'stated as lost' : 'lost'}: ${terminal.name} ${kept.generation} ${kept.sequence} (${row?.state ?? 'not there'})`,
      );
    }
    result.unasked += [...told.asked.keys()].filter((txId) => executed.has(txId) && !told.kept.has(txId)).length;
    result.unverified += await countUnverified(terminal, told, receiptKeys, taken, complain);
  }
  for (const txId of taken.keys()) {
    const copies = Math.max(taken.get(txId)?.length ?? 0, executed.get(txId)?.length ?? 0);
    if (copies < 2) continue;
    result.duplicated += 1;
    complain(`twice: ${txId}, taken in ${taken.get(txId)?.length}, effects ${executed.get(txId)?.length ?? 0}`);
  }
  result.reordered = countReordered(effects, taken, complain);
  return result;
}

async function readAll<T>(database: Database, sql: string, shape: z.ZodType<T>): Promise<T[]> {
  return (await database.query(sql)).map((row) => shape.parse(row));
}

function isWhatWasKept(row: InboxRow, kept: Told['kept'] extends Map<string, infer K> ? K : never): boolean {
  const { generation, sequence, reference, record } = row;
  const same = generation === kept.generation && sequence === kept.sequence && reference === kept.reference;
  return same && Buffer.from(record).toString('base64url') === kept.record;
}

/** What a person was shown, or the disk says, as received: each with a receipt that verifies, and in the middleware. */
async function countUnverified(
  { name, data }: Terminals[number],
  told: Told,
  receiptKeys: readonly PublicJwk[],
  taken: ReadonlyMap<string, unknown>,
  complain: (line: string) => void,
): Promise<number> {
  // A disk on which the queue cannot be read has no receipts.
  const read = await Promise.all(receiptKeys.map((key) => readOutbox(data, key).catch(() => [])));
  const rows = read.flat();
  const verified = new Set(rows.filter(({ receiptVerified }) => receiptVerified).map(({ txId }) => txId));
  const shown = new Set([...told.received, ...rows.filter(({ receivedAt }) => receivedAt !== null).map(({ txId }) => txId)]);
  const bad = [...shown].filter((txId) => !verified.has(txId) || !taken.has(txId));
  for (const txId of bad) complain(`unverified: ${name} ${txId}, ${taken.has(txId) ? 'there' : 'not there'}`);
  return bad.length;
}

function countReordered(
  effects: readonly { tx_id: string }[],
  taken: ReadonlyMap<string, readonly InboxRow[]>,
  complain: (line: string) => void,
): number {
  const last = new Map<string, number>();
  let count = 0;
  for (const { tx_id } of effects) {
    const [row] = taken.get(tx_id) ?? [];
    if (!row) continue;
    const lane = `${row.terminal} ${row.generation} ${row.lane}`;
    const before = last.get(lane) ?? 0;
    if (row.sequence < before) {
      count += 1;
      complain(`out of order: ${lane}, ${row.sequence} after ${before}`);
    }
    last.set(lane, Math.max(before, row.sequence));
  }
  return count;
}
