import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenOutbox } from '../../../electron/outbox/open-outbox.ts';
import type { Signer } from '../../../electron/outbox/room.ts';
import { makeClock, makeContent, makeReceipt, makeSigner, openTestOutbox } from '../../../electron/testing/outbox-room.ts';
import type { Chance } from '../yank/chance.ts';

/** A terminal's folder as it lay on disk at some moment, and what had been acknowledged by then. */
export type Template = {
  folder: string;
  /** The same folder some records earlier: what a restored image has. */
  earlier: string;
  identity: Signer;
  generation: string;
  /** By sequence; `gone`: let go after a backup covered it, so that nobody misses it. `aside`: a person laid it aside, so that it is stated and there. */
  truth: Map<number, { record: string; received: boolean; gone: boolean; aside: boolean }>;
};

/**
 * Folders of all kinds: few records and many, small and with overflow pages, closed in order or as a power cut leaves
 * them, some already received, some let go.
 */
export function makeTemplates(base: string, count: number, chance: Chance): Template[] {
  return Array.from({ length: count }, (_, index) => makeTemplate(join(base, `template-${index}`), chance));
}

function makeTemplate(base: string, chance: Chance): Template {
  const live = join(base, 'live');
  const folder = join(base, 'then');
  const earlier = join(base, 'earlier');
  for (const made of [live, folder, earlier]) mkdirSync(made, { recursive: true });
  const identity = makeSigner();
  const clock = makeClock();
  let outbox = openTestOutbox(live, { identity, clock });
  const { generation } = outbox.head();
  const truth: Template['truth'] = new Map();
  const records = chance.pick([3, 12, 40, 120]);
  const largest = chance.pick([400, 3_000, 9_000, 30_000]);
  const copyAt = chance.int(1, records);
  const settleUpTo = chance.pick([0, 0, Math.floor(records / 3), records]);
  for (let number = 1; number <= records; number += 1) {
    const kept = outbox.keep(makeContent(number, chance.int(0, largest)), {});
    if (!kept.ok) throw new Error(`the template was not kept: ${kept.error}`);
    truth.set(number, { record: kept.value.ticket.record, received: false, gone: false, aside: false });
    if (number === copyAt) cpSync(live, earlier, { recursive: true });
    // Reopened in between: part of it is in the file itself, part in the log.
    if (chance.next() < 0.02) {
      outbox.close();
      outbox = openTestOutbox(live, { identity, clock });
    }
  }
  settle(outbox, truth, settleUpTo, chance);
  const closed = chance.next() < 0.3;
  if (closed) outbox.close();
  cpSync(live, folder, { recursive: true });
  if (!closed) outbox.close();
  return { folder, earlier, identity, generation, truth };
}

function settle(outbox: OpenOutbox, truth: Template['truth'], upTo: number, chance: Chance): void {
  for (let sequence = 1; sequence <= upTo; sequence += 1) {
    outbox.markReceived(makeContent(sequence).txId, makeReceipt('2026-09-01T10:00:00.000Z'));
    const record = truth.get(sequence);
    if (record) record.received = true;
  }
  if (upTo === 0 || chance.next() < 0.5) return;
  const backedUp = chance.int(1, upTo);
  outbox.cover([{ generation: outbox.head().generation, linked: upTo, backedUp }]);
  for (let sequence = 1; sequence <= backedUp; sequence += 1) {
    const record = truth.get(sequence);
    if (record) record.gone = true;
  }
}
