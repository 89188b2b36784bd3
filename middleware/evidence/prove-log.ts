import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import * as z from 'zod';
import { chainStartBytes, KeptStatement, keptBytes, recordBytes } from '../../contract/kept-record.ts';
import { nextChain } from '../ingest/read-delivery.ts';
import { buildTree, hashLeaves } from '../receipts/merkle.ts';
import { hashReceipt, readReceipt } from '../receipts/receipt-log.ts';
import type { Queries } from '../store/database.ts';
import { proveQueues } from './prove-queues.ts';

/** Where the evidence breaks, and how. `where` names places and ids, never a person. */
export type Break = { where: string; what: string };

export type LogReport = {
  /** Deliveries, records and losses of which everything was verified. */
  deliveries: number;
  records: number;
  losses: number;
  cases: number;
  /** The newest receipt: written down elsewhere, it shows later whether the log was cut off behind it. */
  head: { sequence: number; receiptSha256: string | null };
  /** Queues in which earlier records have not arrived yet: no break. */
  stillMissing: { terminal: string; generation: string; from: number }[];
  breaks: Break[];
};

export type ProveOptions = {
  receiptKeys: ReadonlyMap<string, KeyObject>;
  /** Whether this key (SubjectPublicKeyInfo) is or was this terminal's. */
  isTerminalKey(terminal: string, spki: Uint8Array): Promise<boolean>;
  /** A head of before that must still be in the log. */
  anchor?: { sequence: number; receiptSha256: string };
};

const bytes = z.instanceof(Uint8Array);
const DeliveryRow = z.object({
  log_sequence: z.number(),
  receipt: z.string(),
  received_at: z.date(),
  terminal: z.string(),
  generation: z.string(),
  held: z.boolean(),
  first_sequence: z.number(),
  previous: bytes,
  records: bytes.nullable(),
  kept: z.string(),
  signature: bytes,
  signer: bytes,
  leaves: bytes,
});
type DeliveryRow = z.infer<typeof DeliveryRow>;

const RecordRow = z.object({
  tx_id: z.string(),
  leaf: z.number(),
  terminal: z.string(),
  generation: z.string(),
  sequence: z.number(),
  reference: z.string(),
  lane: z.string(),
  key_id: z.string(),
  encapsulated: bytes,
  ciphertext: bytes,
  kept_at: z.string(),
  record: bytes,
  chain: bytes,
  held: z.boolean(),
});
type RecordRow = z.infer<typeof RecordRow>;

/** Walks everything that is stored and believes none of it: one delivery at a time, so that memory stays small. */
export async function proveLog(queries: Queries, options: ProveOptions): Promise<LogReport> {
  const breaks: Break[] = [];
  const report = { deliveries: 0, records: 0 };
  let head: LogReport['head'] = { sequence: 0, receiptSha256: null };
  let anchored = options.anchor === undefined;
  for (;;) {
    const [raw] = await queries.query(
      `SELECT log_sequence::float8, receipt, received_at, terminal, generation, held, first_sequence::float8, previous, records, kept,
         signature, signer, leaves FROM delivery WHERE log_sequence > $1::bigint ORDER BY log_sequence LIMIT 1`,
      [head.sequence],
    );
    if (raw === undefined) break;
    const delivery = DeliveryRow.parse(raw);
    const say = (what: string) => breaks.push({ where: `delivery ${delivery.log_sequence}`, what });
    if (delivery.log_sequence !== head.sequence + 1) say('a delivery before it is missing');
    const records = await readRecords(queries, delivery.log_sequence);
    for (const what of proveReceipt(delivery, records, head, options)) say(what);
    for (const what of proveRecords(records)) breaks.push(what);
    for (const what of proveHead(delivery, records)) say(what);
    if (!(await options.isTerminalKey(delivery.terminal, delivery.signer))) say('it is signed with a key that its terminal never had');
    head = { sequence: delivery.log_sequence, receiptSha256: hashReceipt(delivery.receipt).toString('base64url') };
    anchored ||= options.anchor?.sequence === head.sequence && options.anchor.receiptSha256 === head.receiptSha256;
    report.deliveries++;
    report.records += records.length;
  }
  if (!anchored) breaks.push({ where: `delivery ${options.anchor?.sequence}`, what: 'it is not the one that was written down' });
  breaks.push(...(await proveWhole(queries, report.records, head)));
  const { stillMissing, losses, breaks: inQueues } = await proveQueues(queries, options.isTerminalKey);
  breaks.push(...inQueues);
  return { ...report, losses, cases: await countCases(queries), head, stillMissing, breaks };
}

async function readRecords(queries: Queries, delivery: number): Promise<RecordRow[]> {
  const rows = await queries.query(
    `SELECT tx_id::text, leaf, terminal, generation, sequence::float8, reference, lane, key_id, encapsulated, ciphertext, kept_at,
       record, chain, held FROM inbox WHERE delivery = $1::bigint ORDER BY leaf`,
    [delivery],
  );
  return rows.map((row) => RecordRow.parse(row));
}

/** The receipt is one of ours, stands where it says, and is over exactly these records. */
function proveReceipt(
  delivery: DeliveryRow,
  records: readonly RecordRow[],
  before: LogReport['head'],
  { receiptKeys }: ProveOptions,
): string[] {
  const read = readReceipt(delivery.receipt, receiptKeys);
  if (read === null) return ['its receipt is not signed by a key of this middleware'];
  const { head } = read;
  const found: string[] = [];
  if (head.log.sequence !== delivery.log_sequence || head.log.previous !== before.receiptSha256)
    found.push('its receipt does not follow on the one before');
  if (head.terminal !== delivery.terminal || head.receivedAt !== delivery.received_at.toISOString())
    found.push('terminal or time are not as its receipt says');
  if (records.length !== head.size) found.push(`it has ${records.length} records, and its receipt says ${head.size}`);
  if (records.length === 0) return found;
  const leaves = hashLeaves(records.map(leafOf));
  if (buildTree(leaves).root.toString('base64url') !== head.root) found.push('its records are not those of its receipt');
  if (!leaves.equals(delivery.leaves) || records.some((record, at) => record.leaf !== at))
    found.push('the leaves of its receipt are not as stored');
  if (records.some((record) => record.held !== delivery.held)) found.push('some of its records are held and some are not');
  return found;
}

function proveRecords(records: readonly RecordRow[]): Break[] {
  return records
    .filter(({ record, ...row }) => {
      const envelope = { ...row, txId: row.tx_id, keyId: row.key_id, keptAt: row.kept_at };
      return !hash('sha256', recordBytes(envelope), 'buffer').equals(record);
    })
    .map((row) => ({ where: `record ${row.tx_id}`, what: 'its bytes are not those that its hash is of' }));
}

/** The terminal's one signature vouches for each of them: the chain goes from the record before to the head it signed. */
function proveHead(delivery: DeliveryRow, records: readonly RecordRow[]): string[] {
  const kept = readKept(delivery);
  if (kept === null) return ['the terminal’s signature does not verify'];
  const listed = listRecords(delivery, records);
  let chain: Uint8Array = delivery.previous;
  const chains = listed.map((record) => {
    chain = nextChain(chain, record);
    return chain;
  });
  const found: string[] = [];
  if (
    Buffer.from(chain).toString('base64url') !== kept.chain ||
    lastOf(listed) !== kept.record ||
    kept.sequence !== delivery.first_sequence + listed.length - 1
  )
    found.push('the terminal signed another chain');
  if (
    delivery.first_sequence === 1 &&
    !hash('sha256', chainStartBytes(delivery.terminal, delivery.generation), 'buffer').equals(delivery.previous)
  )
    found.push('the queue does not begin as it should');
  const isLinked = (row: RecordRow) => {
    const at = row.sequence - delivery.first_sequence;
    const isOfQueue = row.terminal === delivery.terminal && row.generation === delivery.generation;
    return isOfQueue && isSame(listed[at], row.record) && isSame(chains[at], row.chain);
  };
  if (!records.every(isLinked)) found.push('a record is not where the terminal’s chain has it');
  return found;
}

function readKept({ kept, signature, signer, terminal, generation }: DeliveryRow): KeptStatement | null {
  try {
    const [kind, ofTerminal, ofGeneration, sequence, reference, record, chain] = z.array(z.unknown()).parse(JSON.parse(kept));
    const said = KeptStatement.parse({ terminal: ofTerminal, generation: ofGeneration, sequence, reference, record, chain });
    if (kind !== 'loket/kept/1' || said.terminal !== terminal || said.generation !== generation) return null;
    const key = createPublicKey({ key: Buffer.from(signer), format: 'der', type: 'spki' });
    return verify('sha256', keptBytes(said), { key, dsaEncoding: 'ieee-p1363' }, signature) ? said : null;
  } catch {
    // No JSON, no statement, no key: whatever it is, nobody signed it.
    return null;
  }
}

/** All that the delivery brought, also what was here before or was refused. */
function listRecords({ records: all }: DeliveryRow, records: readonly RecordRow[]): Uint8Array[] {
  if (all === null) return records.map(({ record }) => record);
  return Array.from({ length: Math.floor(all.length / 32) }, (_, at) => all.subarray(at * 32, at * 32 + 32));
}

const Counts = z.object({
  records: z.number(),
  sequence: z.number(),
  receipt_sha256: bytes.nullable(),
  strays: z.number(),
  done: z.number(),
});

/** Nothing stands outside the log, the log ends where it says, and what was carried out was carried out once. */
async function proveWhole(queries: Queries, records: number, head: LogReport['head']): Promise<Break[]> {
  const [raw] = await queries.query(
    `SELECT (SELECT count(*)::int FROM inbox) AS records, sequence::float8, receipt_sha256,
       (SELECT count(*)::int FROM cases c WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE i.tx_id = c.tx_id AND i.state = 'executed')) AS strays,
       (SELECT count(*)::int FROM inbox i WHERE i.state = 'executed' AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.tx_id = i.tx_id)
          AND NOT EXISTS (SELECT 1 FROM consultation c WHERE c.tx_id = i.tx_id)
          AND NOT EXISTS (SELECT 1 FROM profile_change p WHERE p.tx_id = i.tx_id)) AS done
     FROM log_head`,
  );
  const counts = Counts.parse(raw);
  const found: Break[] = [];
  if (counts.records !== records) found.push({ where: 'inbox', what: `${counts.records - records} records belong to no delivery` });
  const last = counts.receipt_sha256 === null ? null : Buffer.from(counts.receipt_sha256).toString('base64url');
  if (counts.sequence !== head.sequence || last !== head.receiptSha256)
    found.push({ where: `delivery ${counts.sequence}`, what: 'the log ends before it' });
  if (counts.strays > 0) found.push({ where: 'cases', what: `${counts.strays} cases of records that were not carried out` });
  if (counts.done > 0)
    found.push({
      where: 'cases',
      what: `${counts.done} records were carried out and have neither case nor consultation nor change of a profile`,
    });
  return found;
}

async function countCases(queries: Queries): Promise<number> {
  const [row] = await queries.query('SELECT count(*)::int AS n FROM cases');
  return Number(row?.n);
}

function leafOf({ tx_id: txId, reference, terminal, generation, sequence, record, held }: RecordRow) {
  return { txId, reference, terminal, generation, sequence, record: Buffer.from(record).toString('base64url'), held };
}

function lastOf(listed: readonly Uint8Array[]): string {
  return Buffer.from(listed.at(-1) ?? []).toString('base64url');
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}
