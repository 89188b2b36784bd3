import { createPublicKey, verify } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptBytes } from '../../contract/kept-record.ts';
import type { PublicJwk } from '../../contract/key-set.ts';
import { sealContext, sealSuite, type TransactionContent } from '../../contract/transaction.ts';
import { batchLimits } from '../../contract/wire.ts';
import { makeClock, makeContent, makeReceipt, makeRun, makeSealKey, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { ada } from '../testing/people.ts';
import { hashRecord, linkChain, startChain } from './chain.ts';
import type { OpenOutbox, OutboxOptions } from './open-outbox.ts';
import type { WaitingRecord } from './outbox.ts';

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const keys = await suite.kem.generateKeyPair();
const sealKey = { id: 'k1', jwk: (await crypto.subtle.exportKey('jwk', keys.publicKey)) as PublicJwk };
const identity = makeSigner();
const content = makeContent;
const all = { records: 100, bytes: 256 * 1024 };

let folder: string;
let clock: ReturnType<typeof makeClock>;
let opened: OpenOutbox[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-outbox-'));
  clock = makeClock();
  opened = [];
});
afterEach(() => {
  for (const outbox of opened) outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: Partial<OutboxOptions> = {}): OpenOutbox {
  const outbox = openTestOutbox(folder, { identity, clock, sealKey: () => sealKey, ...options });
  opened.push(outbox);
  return outbox;
}

function close(outbox: OpenOutbox): void {
  opened = opened.filter((other) => other !== outbox);
  outbox.close();
}

function keep(outbox: OpenOutbox, number: number, lane?: string) {
  const kept = outbox.keep(content(number), lane === undefined ? {} : { lane });
  if (!kept.ok) throw new Error(kept.error);
  return kept.value;
}

const runs = (outbox: OpenOutbox) => [...outbox.waitingDeliveries(all)].map(({ records }) => records.map(({ sequence }) => sequence));
const sequences = (outbox: OpenOutbox) => outbox.next(all)?.records.map(({ sequence }) => sequence) ?? [];
/** Long enough ago that nothing is live any more. */
const grow = () => clock.moveTicks(61_000);

async function unseal(record: WaitingRecord, terminal: string): Promise<TransactionContent> {
  const exact = (bytes: Uint8Array) => Uint8Array.from(bytes).buffer;
  const recipient = await suite.createRecipientContext({
    recipientKey: keys.privateKey,
    enc: exact(record.encapsulated),
    info: exact(new TextEncoder().encode(sealSuite)),
  });
  const { txId, generation, sequence, keyId } = record;
  const aad = sealContext({ txId, terminal, generation, sequence, keyId });
  return JSON.parse(new TextDecoder().decode(await recipient.open(exact(record.ciphertext), exact(aad))));
}

describe('keep', () => {
  it('is on disk when it answers, and its head in its own file', () => {
    const outbox = open();
    const kept = keep(outbox, 1);
    const beside = mkdtempSync(join(tmpdir(), 'loket-copy-'));
    cpSync(folder, beside, { recursive: true });
    const copy = openTestOutbox(beside, { identity, clock });
    expect(copy.head()).toEqual(outbox.head());
    expect(copy.next(all)?.records[0]).toMatchObject({ txId: kept.txId, sequence: 1 });
    copy.close();
    rmSync(beside, { recursive: true, force: true });
    expect(readFileSync(join(folder, 'outbox.head')).includes(kept.ticket.signature)).toBe(true);
  });

  it('seals to the middleware, bound to terminal, queue, place and transaction', async () => {
    const outbox = open();
    keep(outbox, 1);
    const record = outbox.next(all)?.records[0];
    if (!record) throw new Error('nothing waits');
    expect(await unseal(record, 'kiosk-2')).toEqual(content(1));
    await expect(unseal(record, 'kiosk-3')).rejects.toThrow();
    await expect(unseal({ ...record, sequence: 2 }, 'kiosk-2')).rejects.toThrow();
    await expect(unseal({ ...record, generation: 'AAAAAAAAAAA' }, 'kiosk-2')).rejects.toThrow();
    await expect(unseal({ ...record, keyId: 'k2' }, 'kiosk-2')).rejects.toThrow();
  });

  it('seals to the key that is newest at that moment', () => {
    let key = sealKey;
    const outbox = open({ sealKey: () => key });
    keep(outbox, 1);
    key = makeSealKey('k2');
    keep(outbox, 2);
    expect(outbox.next(all)?.records.map(({ keyId }) => keyId)).toEqual(['k1', 'k2']);
  });

  it('chains each record to the one before it and signs what it says with it', () => {
    const outbox = open();
    const tickets = [keep(outbox, 1).ticket, keep(outbox, 2).ticket];
    const records = outbox.next(all)?.records ?? [];
    const key = createPublicKey({ key: { ...identity.publicJwk }, format: 'jwk' });
    let chain = startChain('kiosk-2', outbox.head().generation);
    for (const [index, record] of records.entries()) {
      const ticket = tickets[index];
      if (!ticket) throw new Error('no ticket');
      expect(Buffer.compare(record.previous, chain)).toBe(0);
      expect(hashRecord({ terminal: 'kiosk-2', ...record }).toString('base64url')).toBe(ticket.record);
      chain = linkChain(chain, record.record);
      expect(chain.toString('base64url')).toBe(ticket.chain);
      expect(verify('sha256', keptBytes(ticket), { key, dsaEncoding: 'ieee-p1363' }, record.signature)).toBe(true);
    }
    expect(Buffer.compare(outbox.head().chain, chain)).toBe(0);
  });

  it('leaves no byte of the person in any of its files, and of the form only which one it is', () => {
    keep(open(), 1);
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, file));
      for (const word of [ada.surname, ada.nationalNumber, 'card_read', '34022']) expect(bytes.includes(word)).toBe(false);
    }
  });

  it('keeps the same transaction once, and answers the first keeping, also after a restart', () => {
    const outbox = open();
    const first = keep(outbox, 1);
    clock.moveWall(1_000);
    expect(keep(outbox, 1)).toEqual(first);
    close(outbox);
    const again = open();
    expect(keep(again, 1)).toEqual(first);
    expect(again.countWaiting()).toBe(1);
  });

  it('numbers densely, also after a restart', () => {
    const before = open();
    for (const number of [1, 2, 3]) keep(before, number);
    close(before);
    const after = open();
    keep(after, 4);
    expect(sequences(after)).toContain(4);
    expect(runs(after).flat()).toEqual([1, 2, 3, 4]);
  });

  it('never takes order from a clock that goes back', () => {
    const outbox = open();
    keep(outbox, 1);
    clock.moveWall(-10 * 365 * 24 * 3600_000);
    keep(outbox, 2);
    expect(outbox.next(all)?.records.map(({ txId }) => txId)).toEqual([content(1).txId, content(2).txId]);
  });

  it('takes one as large as a request can carry, and hands it out', () => {
    const outbox = open();
    const room = 149_984 - new TextEncoder().encode(JSON.stringify(content(1))).length;
    expect(outbox.keep(content(1, room + 1), {})).toEqual({ ok: false, error: 'storage_failed' });
    expect(outbox.keep(content(1, room), {}).ok).toBe(true);
    expect(outbox.next(all)?.records[0].ciphertext.length).toBe(149_984 + 16);
  });

  it('refuses a record that no request could carry: it would hold up all that come after it', () => {
    const outbox = open();
    expect(outbox.keep(content(1, 150_000), {})).toEqual({ ok: false, error: 'storage_failed' });
    expect(outbox.countWaiting()).toBe(0);
    expect(outbox.head().sequence).toBe(0);
  });

  it('refuses when there is no key to seal to, and keeps again when there is one', () => {
    let key: OutboxOptions['sealKey'] = () => {
      throw new Error('none');
    };
    const outbox = open({ sealKey: () => key() });
    expect(outbox.keep(content(1), {})).toEqual({ ok: false, error: 'storage_failed' });
    key = () => sealKey;
    expect(keep(outbox, 1).ticket.sequence).toBe(1);
  });

  it('refuses below the reserve, says so before anybody types, and still drains', () => {
    const outbox = open();
    keep(outbox, 1);
    close(outbox);
    const full = open({ reserveMebibytes: 1e9 });
    expect(full.probe()).toEqual({ ok: false, error: 'disk_full' });
    expect(full.keep(content(2), {})).toEqual({ ok: false, error: 'disk_full' });
    expect(full.keep(content(1), {})).toMatchObject({ ok: true });
    full.markReceived(content(1).txId, makeReceipt());
    expect(full.countWaiting()).toBe(0);
  });

  it('has one writer: a second one is refused and changes nothing', () => {
    const outbox = open();
    expect(() => openTestOutbox(folder, { identity })).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
    keep(outbox, 1);
    close(outbox);
    expect(open().countWaiting()).toBe(1);
  });
});

describe('what goes next', () => {
  it('is what was just kept, once, and then the oldest', () => {
    const outbox = open();
    for (const number of [1, 2]) keep(outbox, number);
    grow();
    keep(outbox, 3);
    expect(outbox.next(all)).toMatchObject({ kind: 'live', records: [{ sequence: 3 }] });
    expect(outbox.next(all)).toMatchObject({ kind: 'backlog', records: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }] });
  });

  it('is within the limits of a request, and never less than one record', () => {
    const outbox = open();
    for (const number of [1, 2, 3]) keep(outbox, number);
    grow();
    expect(outbox.next({ records: 2, bytes: 1_000_000 })?.records).toHaveLength(2);
    expect(outbox.next({ records: 100, bytes: 1 })?.records).toHaveLength(1);
  });

  it('is consecutive: what has ended, or is stuck, splits a run, and each run has its own beginning', () => {
    const outbox = open();
    for (const number of [1, 2, 3, 4, 5]) keep(outbox, number);
    outbox.markReceived(content(2).txId, makeReceipt());
    outbox.markStuck(content(4).txId, 'invalid');
    grow();
    const beginnings: Uint8Array[] = [];
    for (const expected of [1, 3, 5]) {
      const delivery = outbox.next(all);
      expect(delivery?.records.map(({ sequence }) => sequence)).toEqual([expected]);
      for (const { previous, txId } of delivery?.records ?? []) {
        beginnings.push(previous);
        outbox.markReceived(txId, makeReceipt());
      }
    }
    expect(beginnings.map((previous) => Buffer.from(previous).equals(startChain('kiosk-2', outbox.head().generation)))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('waits behind a stuck record of its own lane only', () => {
    const outbox = open();
    const lane = 'A'.repeat(22);
    for (const [number, of] of [[1, lane], [2], [3, lane], [4]] as const) keep(outbox, number, of);
    outbox.markStuck(content(1).txId, 'unknown_key');
    grow();
    expect(sequences(outbox)).toEqual([2]);
    outbox.markReceived(content(2).txId, makeReceipt());
    expect(sequences(outbox)).toEqual([4]);
    const [stuck] = outbox.status().needsPerson;
    expect(stuck).toMatchObject({ reference: content(1).reference, form: content(1).form.id, reason: 'unknown_key', behind: 1 });
  });

  it('never overtakes what waits in its own lane, neither first in a request nor behind another', () => {
    const outbox = open();
    const lane = 'A'.repeat(22);
    keep(outbox, 1, lane);
    keep(outbox, 2);
    grow();
    keep(outbox, 3, lane);
    keep(outbox, 4);
    keep(outbox, 5, lane);
    expect(outbox.next(all)).toMatchObject({ kind: 'live', records: [{ sequence: 4 }] });
    expect(outbox.next(all)).toMatchObject({ kind: 'backlog', records: [1, 2, 3, 4, 5].map((sequence) => ({ sequence })) });
    outbox.markReceived(content(1).txId, makeReceipt());
    keep(outbox, 6, lane);
    for (const number of [2, 3, 4, 5]) outbox.markReceived(content(number).txId, makeReceipt());
    expect(outbox.next(all)).toMatchObject({ kind: 'live', records: [{ sequence: 6 }] });
  });

  it('goes together with those of its lane that were kept with it', () => {
    const outbox = open();
    const lane = 'A'.repeat(22);
    for (const number of [1, 2]) keep(outbox, number, lane);
    expect(outbox.next(all)).toMatchObject({ kind: 'live', records: [{ sequence: 1 }, { sequence: 2 }] });
  });

  it('fills a request as the middleware counts, with as much ciphertext as it takes', () => {
    const outbox = open();
    for (let number = 1; number <= 8; number += 1) expect(outbox.keep(content(number, 60_000), {}).ok).toBe(true);
    grow();
    const first = outbox.next(batchLimits)?.records ?? [];
    const bytes = first.reduce((sum, { ciphertext }) => sum + ciphertext.length, 0);
    expect([first.length, bytes <= batchLimits.bytes, bytes + 60_000 > batchLimits.bytes]).toEqual([4, true, true]);
  });

  it('is nothing when all that waits is behind a stuck record', () => {
    const outbox = open();
    const lane = 'A'.repeat(22);
    for (let number = 1; number <= 150; number += 1) keep(outbox, number, lane);
    outbox.markStuck(content(1).txId, 'invalid');
    expect(outbox.next(all)).toBeNull();
    grow();
    expect(outbox.next(all)).toBeNull();
    expect(outbox.countWaiting()).toBe(149);
  });
});

describe('what a person carries elsewhere', () => {
  it('is all that has not ended: stuck, behind that, and under a former name, each run as over the line', () => {
    const lane = 'A'.repeat(22);
    const before = open();
    for (const number of [1, 2]) keep(before, number);
    const { generation } = before.head();
    close(before);
    const outbox = open({ identity: makeSigner('kiosk-3') });
    for (const [number, of] of [[3, lane], [4, lane], [5], [6], [7]] as const) keep(outbox, number, of);
    outbox.markStuck(content(3).txId, 'unknown_key');
    outbox.markStuck(content(6).txId, 'damaged');
    outbox.markReceived(content(7).txId, makeReceipt());
    const carried = [...outbox.waitingDeliveries({ ...all, records: 2 })];
    expect(carried.map(({ terminal, records }) => [terminal, ...records.map(({ txId }) => txId)])).toEqual([
      ['kiosk-2', content(1).txId, content(2).txId],
      ['kiosk-3', content(3).txId, content(4).txId],
      ['kiosk-3', content(5).txId],
    ]);
    expect(carried[0]?.records[0].generation).toBe(generation);
  });

  it('under a former name is not for the line: it is listed for a person, who may lay it aside', () => {
    const lane = 'A'.repeat(22);
    const before = open();
    keep(before, 1, lane);
    keep(before, 2);
    close(before);
    const outbox = open({ identity: makeSigner('kiosk-3') });
    keep(outbox, 3);
    grow();
    expect(outbox.next(all)?.records.map(({ txId }) => txId)).toEqual([content(3).txId]);
    const { waiting, needsPerson } = outbox.status();
    expect(waiting.map(({ reference }) => reference)).toEqual([content(3).reference]);
    expect(needsPerson).toMatchObject(
      [1, 2].map((number) => ({ reference: content(number).reference, reason: 'former_terminal', behind: 0 })),
    );
    outbox.decide(content(1).reference, 'again');
    outbox.decide(content(2).reference, 'aside');
    outbox.markReceived(content(3).txId, makeReceipt());
    keep(outbox, 4, lane);
    grow();
    expect(outbox.next(all)).toBeNull();
    expect(outbox.status().needsPerson.map(({ reference }) => reference)).toEqual([content(1).reference]);
    expect([...outbox.waitingDeliveries(all)].flatMap(({ records }) => records.map(({ txId }) => txId))).toEqual([
      content(1).txId,
      content(4).txId,
    ]);
    outbox.finishChecks();
    expect(outbox.losses()).toEqual([]);
  });

  it('is read one request at a time, and what comes meanwhile is carried too', () => {
    const outbox = open();
    for (let number = 1; number <= 5; number += 1) keep(outbox, number);
    const carried = outbox.waitingDeliveries({ ...all, records: 2 });
    expect(carried.next().value?.records).toHaveLength(2);
    outbox.markReceived(content(3).txId, makeReceipt());
    keep(outbox, 6);
    expect([...carried].map(({ records }) => records.map(({ sequence }) => sequence))).toEqual([[4, 5], [6]]);
  });
});

describe('an end', () => {
  it('comes with a receipt, which is given out again, and ends nothing else', () => {
    const outbox = open();
    const { ticket } = keep(outbox, 1);
    keep(outbox, 2);
    outbox.markReceived(content(1).txId, { ...makeReceipt(), proof: { index: 3, path: ['A'.repeat(43)] }, held: true });
    grow();
    expect(sequences(outbox)).toEqual([2]);
    const { reference, terminal, generation, sequence, record } = ticket;
    expect(outbox.receiptOf(content(1).txId)).toEqual({
      leaf: { txId: content(1).txId, reference, terminal, generation, sequence, record, held: true },
      proof: { index: 3, path: ['A'.repeat(43)] },
      head: 'a.receipt.jws',
    });
    expect(outbox.receiptOf(content(2).txId)).toBeNull();
  });

  it('comes for a whole delivery at once, and is still there after a restart', () => {
    const outbox = open();
    for (const number of [1, 2, 3]) keep(outbox, number);
    outbox.markAllReceived([makeRun([1, 2, 9])]);
    close(outbox);
    const again = open();
    expect(again.countWaiting()).toBe(1);
    expect(again.status().received).toBe(2);
    expect(again.receiptOf(content(2).txId)?.head).toBe('a.receipt.jws');
  });

  it('comes once: what has ended, is not here, or stands apart is no part of what is received together', () => {
    const outbox = open();
    for (const number of [1, 2, 3, 4, 5]) keep(outbox, number);
    outbox.markReceived(content(2).txId, { ...makeReceipt(), head: 'first.receipt.jws' });
    outbox.markStuck(content(4).txId, 'invalid');
    outbox.markAllReceived([makeRun([1, 2, 3, 4, 9])]);
    outbox.markAllReceived([makeRun([1, 2, 3, 4, 9])]);
    outbox.finishChecks();
    expect([1, 2, 3, 4, 5].map((number) => outbox.stateOf(content(number).txId))).toEqual([...Array(4).fill('received'), 'waiting']);
    expect([1, 2, 3, 4].map((number) => outbox.receiptOf(content(number).txId)?.head.split('.')[0])).toEqual(['a', 'first', 'a', 'a']);
    expect([outbox.status().received, outbox.status().needsPerson, outbox.losses()]).toEqual([4, [], []]);
  });

  it('never comes by a refusal: it stays on disk, and a person says what becomes of it', () => {
    const outbox = open();
    for (const number of [1, 2]) keep(outbox, number);
    outbox.markStuck(content(1).txId, 'invalid');
    outbox.markStuck(content(2).txId, 'invalid');
    outbox.decide(content(1).reference, 'again');
    outbox.decide(content(2).reference, 'aside');
    grow();
    expect(sequences(outbox)).toEqual([1]);
    expect(outbox.status().needsPerson).toEqual([]);
    close(outbox);
    const raw = new Database(join(folder, 'outbox.db'), { readonly: true });
    expect(raw.prepare('select count(*) from entry where length(ciphertext) > 0').pluck().get()).toBe(2);
    raw.close();
  });
});

describe('after the receipt', () => {
  const day = 24 * 3600_000;
  const generationOf = (outbox: OpenOutbox) => outbox.head().generation;
  const received = (outbox: OpenOutbox) => outbox.status().received;
  function keepAndReceive(outbox: OpenOutbox, numbers: number[]): void {
    for (const number of numbers) {
      keep(outbox, number);
      outbox.markReceived(content(number).txId, makeReceipt(clock.wall().toISOString()));
    }
  }

  it('a record stays until a backup has it and its days are over, whichever is later', () => {
    const outbox = open();
    keepAndReceive(outbox, [1, 2, 3]);
    const generation = generationOf(outbox);
    outbox.cover([{ generation, linked: 3, backedUp: 3 }]);
    expect(received(outbox)).toBe(3);
    clock.moveWall(31 * day);
    outbox.cover([{ generation, linked: 3, backedUp: 2 }]);
    expect(received(outbox)).toBe(0);
    outbox.finishChecks();
    expect(outbox.losses()).toEqual([]);
  });

  it('a clock that is ten years off lets nothing go that no backup has', () => {
    const outbox = open();
    keepAndReceive(outbox, [1, 2]);
    clock.moveWall(3_650 * day);
    outbox.cover([{ generation: generationOf(outbox), linked: 2, backedUp: 1 }]);
    expect(received(outbox)).toBe(1);
    outbox.cover([{ generation: 'AAAAAAAAAAA', linked: 2, backedUp: 2 }]);
    expect(received(outbox)).toBe(1);
  });

  it('a watermark beyond what waits or is stuck lets none of that go', () => {
    const outbox = open();
    keep(outbox, 1);
    keep(outbox, 2);
    outbox.markStuck(content(2).txId, 'invalid');
    clock.moveWall(3_650 * day);
    outbox.cover([{ generation: generationOf(outbox), linked: 99, backedUp: 99 }]);
    expect(outbox.countWaiting() + outbox.status().needsPerson.length).toBe(2);
  });

  it('a watermark beyond what was kept says nothing of what is kept later', () => {
    const outbox = open();
    keepAndReceive(outbox, [1]);
    const generation = generationOf(outbox);
    outbox.cover([{ generation, linked: 99, backedUp: 99 }]);
    keepAndReceive(outbox, [2]);
    clock.moveWall(31 * day);
    outbox.cover([{ generation, linked: 2, backedUp: 1 }]);
    expect(received(outbox)).toBe(1);
  });

  it('goes on from the same place when all of it was let go, also after a restart', () => {
    const outbox = open();
    keepAndReceive(outbox, [1, 2]);
    clock.moveWall(31 * day);
    const head = outbox.head();
    outbox.cover([{ generation: head.generation, linked: 2, backedUp: 2 }]);
    expect(received(outbox)).toBe(0);
    close(outbox);
    const again = open();
    again.finishChecks();
    expect(again.head()).toEqual(head);
    expect(again.losses()).toEqual([]);
    expect(keep(again, 3).ticket.sequence).toBe(3);
  });

  it('what backups of a former epoch had counts no more: it may be what was lost', () => {
    const outbox = open();
    outbox.enterEpoch('e1');
    keepAndReceive(outbox, [1, 2, 3]);
    const generation = generationOf(outbox);
    outbox.cover([{ generation, linked: 3, backedUp: 3 }]);
    outbox.enterEpoch('e2');
    for (const number of [1, 2, 3]) outbox.markReceived(content(number).txId, makeReceipt(clock.wall().toISOString()));
    clock.moveWall(31 * day);
    outbox.cover([{ generation, linked: 3, backedUp: 1 }]);
    expect(received(outbox)).toBe(2);
  });

  it('of those that were received together, some are let go before others, and none of those is sent again', () => {
    const outbox = open();
    outbox.enterEpoch('e1');
    for (const number of [1, 2, 3]) keep(outbox, number);
    outbox.markAllReceived([makeRun([1, 2, 3])]);
    const generation = generationOf(outbox);
    clock.moveWall(31 * day);
    outbox.cover([{ generation, linked: 3, backedUp: 2 }]);
    expect([1, 2, 3].map((number) => outbox.stateOf(content(number).txId))).toEqual([null, null, 'received']);
    expect([received(outbox), outbox.receiptOf(content(3).txId)?.head]).toEqual([1, 'a.receipt.jws']);
    outbox.finishChecks();
    outbox.enterEpoch('e2');
    outbox.finishChecks();
    expect([outbox.countWaiting(), received(outbox), outbox.losses()]).toEqual([1, 0, []]);
    outbox.markReceived(content(3).txId, makeReceipt());
    outbox.cover([{ generation, linked: 3, backedUp: 3 }]);
    close(outbox);
    const raw = new Database(join(folder, 'outbox.db'), { readonly: true });
    expect(raw.prepare('select (select count(*) from entry) + (select count(*) from received)').pluck().get()).toBe(0);
    raw.close();
  });

  it('a new epoch sends all that is kept again, once', () => {
    const outbox = open();
    outbox.enterEpoch('e1');
    keepAndReceive(outbox, [1, 2, 3]);
    outbox.enterEpoch('e1');
    expect(outbox.countWaiting()).toBe(0);
    outbox.enterEpoch('e2');
    expect(outbox.countWaiting()).toBe(3);
    grow();
    expect(sequences(outbox)).toEqual([1, 2, 3]);
    outbox.markReceived(content(1).txId, makeReceipt());
    outbox.enterEpoch('e2');
    expect(outbox.countWaiting()).toBe(2);
    outbox.finishChecks();
    expect(outbox.losses()).toEqual([]);
  });
});

it.each([
  ['a form with a long name', { ...content(1), form: { id: 'f'.repeat(300), version: 1 } }, '2026-11-22T10:00:00.000Z'],
  ['a clock beyond the year 9999', content(1), '+010000-01-01T00:00:00.000Z'],
])('%s: what was kept is sound at the next start too', (_, kept, wall) => {
  clock = makeClock(wall);
  const before = open();
  expect(before.keep(kept, {})).toMatchObject({ ok: true });
  close(before);
  const after = open();
  after.finishChecks();
  expect([after.stateOf(kept.txId), after.head().sequence, readdirSync(folder).includes('set-aside')]).toEqual(['waiting', 1, false]);
});
