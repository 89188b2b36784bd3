import { join } from 'node:path';
import Database from 'better-sqlite3';
import { hashRecord } from '../../../electron/outbox/chain.ts';
import { type EntryRow, toRecord } from '../../../electron/outbox/rows.ts';
import { makeContent, openTestOutbox } from '../../../electron/testing/outbox-room.ts';
import type { Template } from './templates.ts';

export type Judgement = {
  /** Acknowledged, not on disk any more, and not stated as lost. */
  lossesMissed: number;
  /** On disk with other bytes than were acknowledged, or as received without a receipt, or stated as lost and yet there. */
  wrongRecords: number;
  /** Found whole although their file was set aside. */
  salvaged: number;
  stated: number;
  backInServiceMs: number;
};

type Row = EntryRow & { waits: number | null; state: string | null; reason: string | null };

/** Starts the outbox on a hurt folder, as the app would, and compares what it says with what was acknowledged. */
export function judge(folder: string, { identity, generation, truth }: Template): Judgement {
  const begun = performance.now();
  const outbox = openTestOutbox(folder, { identity });
  const next = makeContent(1_000_000, 500);
  const served = outbox.keep(next, {});
  const backInServiceMs = performance.now() - begun;
  if (!served.ok) throw new Error(`not in service: ${served.error}`);
  outbox.finishChecks();
  const rows = readRows(folder);
  const statements = outbox.losses().filter(({ claims }) => claims.generation === generation);
  const successor = outbox.head().generation;
  outbox.close();

  const ranges = statements.flatMap(({ claims }) => claims.missing);
  const missing = new Set([...truth.keys()].filter((sequence) => ranges.some(([from, to]) => from <= sequence && sequence <= to)));
  const there = new Map(rows.filter((row) => row.generation === generation && row.reason !== 'damaged').map((row) => [row.sequence, row]));
  let lossesMissed = rows.some(({ tx_id }) => tx_id === next.txId) ? 0 : 1;
  let wrongRecords = 0;
  for (const [sequence, { record, received, gone, aside }] of truth) {
    const row = there.get(sequence);
    if (!row && !gone && !missing.has(sequence)) lossesMissed += 1;
    if (!row) continue;
    const isReceivedWrongly = row.state === 'received' && !received;
    const isAsideWrongly = (row.state === 'aside') !== aside || missing.has(sequence) !== aside;
    if (isOther(row, identity.terminal, record) || isReceivedWrongly || isAsideWrongly) wrongRecords += 1;
  }
  const extra = [...there.keys()].filter((sequence) => !truth.has(sequence) && there.get(sequence)?.tx_id !== next.txId);
  const salvaged = successor === generation ? 0 : [...truth.keys()].filter((sequence) => there.has(sequence)).length;
  return { lossesMissed, wrongRecords: wrongRecords + extra.length, salvaged, stated: missing.size, backInServiceMs };
}

function isOther(row: Row, terminal: string, record: string): boolean {
  return hashRecord({ terminal, ...toRecord(row) }).toString('base64url') !== record || (row.waits === null) === (row.state === null);
}

function readRows(folder: string): Row[] {
  const database = new Database(join(folder, 'outbox.db'), { readonly: true });
  try {
    return database
      .prepare<[], Row>(
        `select entry.*, waiting.id as waits, coalesce(fate.state, iif(received.first is null, null, 'received')) as state, fate.reason from entry
         left join waiting on waiting.id = entry.id left join fate on fate.id = entry.id
         left join received on entry.id between received.first and received.last`,
      )
      .all();
  } finally {
    database.close();
  }
}
