import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 } from 'uuid';
import { keptBytes } from '../../../contract/kept-record.ts';
import { base64url, hashRecord, linkChain, type ProvenRecord, stateKept } from '../../../electron/outbox/chain.ts';
import { openHeadFile } from '../../../electron/outbox/head-file.ts';
import { markEntry, markRun } from '../../../electron/outbox/marks.ts';
import { placesOf } from '../../../electron/outbox/schema.ts';
import { prepareSql } from '../../../electron/outbox/sql.ts';
import { openQueue, signerOf, type TerminalParts } from './open-queue.ts';

const perCommit = 5_000;

/**
 * Makes `rows` kept records that all have their receipt, as months without a backup leave them: what `keep` would have
 * written, without waiting for the disk and with one signature at the end, because a million of them take an hour.
 */
export function growQueue(parts: TerminalParts, rows: number): void {
  openQueue(parts).close();
  if (rows === 0) return;
  const signer = signerOf(parts);
  const { terminal } = signer;
  const database = new Database(join(parts.folder, 'outbox.db'));
  database.pragma('synchronous = OFF');
  const sql = prepareSql(database);
  const queue = sql.queues.all()[0];
  if (queue === undefined) throw new Error('a queue without a queue');
  const { generation, ordinal } = queue;
  const [first] = placesOf(ordinal);
  const jws = 'a.receipt.jws';
  const ciphertext = randomBytes(2_064);
  let previous = queue.chain;
  let last: ReturnType<typeof makeRow> | null = null;

  function makeRow(sequence: number) {
    ciphertext.writeUInt32BE(sequence, 0);
    const names = {
      generation,
      sequence,
      txId: v7(),
      reference: 'KTR-0000-0000',
      lane: base64url(randomBytes(16)),
      keyId: parts.sealKey.id,
    };
    const envelope = { ...names, keptAt: '2026-11-20T09:00:00.000Z', encapsulated: randomBytes(65), ciphertext };
    const kept: Omit<ProvenRecord, 'signature'> = { ...envelope, record: hashRecord({ terminal, ...envelope }), previous };
    const signature = sequence === rows ? Buffer.from(signer.sign(keptBytes(stateKept(terminal, kept)))) : Buffer.alloc(64);
    const { txId: tx_id, keyId: key_id, keptAt: kept_at, encapsulated, ...rest } = envelope;
    const row = { ...rest, id: first + sequence, tx_id, key_id, kept_at, form: 'street-defect', record: Buffer.from(kept.record) };
    const whole = { ...row, previous: Buffer.from(previous), signature, encapsulated: Buffer.from(encapsulated) };
    return { ...whole, mark: markEntry(whole) };
  }

  for (let sequence = 1; sequence <= rows; ) {
    database.exec('begin');
    for (const until = Math.min(rows, sequence + perCommit - 1); sequence <= until; sequence += 1) {
      last = makeRow(sequence);
      sql.addEntry.run(last);
      const proofs = '[{"index":0,"path":[]}]';
      const run = { first: last.id, last: last.id, head: jws, leaves: null, place: 0, proofs, held: 0, epoch: null };
      const received = { ...run, received_at: '2026-11-20T09:00:01.000Z' };
      sql.addReceived.run({ ...received, mark: markRun(received) });
      previous = linkChain(last.previous, last.record);
    }
    database.exec('commit');
  }
  sql.moveQueue.run(rows, previous, ordinal);
  database.close();
  if (last === null) return;
  const headFile = openHeadFile(join(parts.folder, 'outbox.head'));
  const kept = { reference: last.reference, record: base64url(last.record), signature: base64url(last.signature) };
  const owner = { terminal, jwk: signer.publicJwk };
  headFile.write({ ordinal, generation, sequence: rows, chain: base64url(previous), owner, kept, earlier: [] });
  headFile.close();
}
