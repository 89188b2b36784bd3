import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealContext, sealSuite, type TransactionContent } from '../../contract/transaction.ts';
import { systemClock as clock } from '../clock.ts';
import { ada } from '../testing/people.ts';
import { openOutbox, type WaitingEntry } from './outbox.ts';
import { createSeal } from './seal.ts';

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const keys = await suite.kem.generateKeyPair();
const jwk = { ...(await crypto.subtle.exportKey('jwk', keys.publicKey)) };
const seal = createSeal({ id: 'k1', jwk });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openOutbox({ file: join(folder, 'outbox.db'), terminal: 'kiosk-2', seal, clock });

function content(number: number): TransactionContent {
  const id = String(number).padStart(12, '0');
  return {
    txId: `01936f5e-0000-7000-8000-${id}`,
    reference: `KTR-0000-${id.slice(-4)}`,
    product: 'main-residence-certificate',
    form: { id: 'main-residence-certificate', version: 1 },
    municipalityCode: '34022',
    language: 'nl',
    trust: 'card_read',
    provisional: true,
    person: { surname: ada.surname, nationalNumber: ada.nationalNumber },
    answers: { purpose: 'work' },
    proof: null,
    evidence: null,
    openedAt: '2026-11-20T10:00:00.000Z',
    submittedAt: '2026-11-20T10:01:00.000Z',
  };
}

async function unseal(entry: WaitingEntry, terminal: string): Promise<TransactionContent> {
  const recipient = await suite.createRecipientContext({
    recipientKey: keys.privateKey,
    enc: Uint8Array.from(entry.encapsulated).buffer,
    info: new TextEncoder().encode(sealSuite).buffer,
  });
  const aad = sealContext({ txId: entry.txId, terminal, sequence: entry.sequence, keyId: entry.keyId });
  const opened = await recipient.open(Uint8Array.from(entry.ciphertext).buffer, Uint8Array.from(aad).buffer);
  return JSON.parse(new TextDecoder().decode(opened));
}

const all = { records: 100, bytes: 256 * 1024 };

describe('keep', () => {
  it('is on disk when it answers: another connection sees it', async () => {
    const outbox = open();
    expect(await outbox.keep(content(1))).toMatchObject({ ok: true, value: { reference: 'KTR-0000-0001' } });
    const other = new Database(join(folder, 'outbox.db'), { readonly: true });
    expect(other.prepare('select count(*) from entry').pluck().get()).toBe(1);
    other.close();
    outbox.close();
  });

  it('seals to the middleware, bound to terminal, place and transaction', async () => {
    const outbox = open();
    await outbox.keep(content(1));
    const [entry] = outbox.waiting(all);
    if (!entry) throw new Error('nothing waits');
    expect(await unseal(entry, 'kiosk-2')).toEqual(content(1));
    await expect(unseal(entry, 'kiosk-3')).rejects.toThrow();
    await expect(unseal({ ...entry, sequence: 2 }, 'kiosk-2')).rejects.toThrow();
    outbox.close();
  });

  it('leaves no byte of the person in any of its files', async () => {
    const outbox = open();
    await outbox.keep(content(1));
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, file));
      expect(bytes.includes(ada.surname) || bytes.includes(ada.nationalNumber) || bytes.includes('certificate')).toBe(false);
    }
    outbox.close();
  });

  it('keeps the same transaction once, and answers the first keeping', async () => {
    const outbox = open();
    const [first, second] = await Promise.all([outbox.keep(content(1)), outbox.keep(content(1))]);
    expect(second).toEqual(first);
    expect(outbox.countWaiting()).toBe(1);
    outbox.close();
  });

  it('numbers densely, also when many are kept at once and after a restart', async () => {
    const before = open();
    await Promise.all([1, 2, 3].map((number) => before.keep(content(number))));
    before.close();
    const after = open();
    await after.keep(content(4));
    expect(after.waiting(all).map((entry) => entry.sequence)).toEqual([1, 2, 3, 4]);
    after.close();
  });
});

it('refuses a record that no request could carry: it would hold up all that come after it', async () => {
  const outbox = open();
  const huge = { ...content(1), answers: { place: 'x'.repeat(200_000) } };
  expect(await outbox.keep(huge)).toEqual({ ok: false, error: 'storage_failed' });
  expect(outbox.countWaiting()).toBe(0);
  outbox.close();
});

describe('what waits', () => {
  it('comes oldest first, within the limits of a batch, and never less than one', async () => {
    const outbox = open();
    for (const number of [1, 2, 3]) await outbox.keep(content(number));
    expect(outbox.waiting({ records: 2, bytes: 1_000_000 }).map((entry) => entry.sequence)).toEqual([1, 2]);
    expect(outbox.waiting({ records: 100, bytes: 1 }).map((entry) => entry.sequence)).toEqual([1]);
    outbox.close();
  });

  it('ends with a receipt, and a receipt ends nothing else', async () => {
    const outbox = open();
    await outbox.keep(content(1));
    await outbox.keep(content(2));
    outbox.markReceived(content(1).txId, 'a.receipt.jws', '2026-11-20T10:02:00.000Z');
    expect(outbox.waiting(all).map((entry) => entry.sequence)).toEqual([2]);
    outbox.close();
  });

  it('leaves the line, but not the disk, when the middleware refuses it', async () => {
    const outbox = open();
    await outbox.keep(content(1));
    outbox.markNeedsAttention(content(1).txId, 'invalid');
    expect(outbox.countWaiting()).toBe(0);
    outbox.close();
    const raw = new Database(join(folder, 'outbox.db'), { readonly: true });
    expect(raw.prepare('select state, refusal, length(ciphertext) > 0 as kept from entry').get()).toEqual({
      state: 'needs_attention',
      refusal: 'invalid',
      kept: 1,
    });
    raw.close();
  });
});
