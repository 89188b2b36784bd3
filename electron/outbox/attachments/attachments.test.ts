import { createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Attachment, attachmentContext, attachmentLimits, attachmentNonce, sealedBytes } from '../../../contract/attachment.ts';
import { makeContent, makeReceipt, makeSigner, openTestOutbox } from '../../testing/outbox-room.ts';
import type { RecordState } from '../outbox.ts';
import { type AttachmentOptions, type Attachments, openAttachments } from './attachments.ts';

const { chunkBytes, tagBytes } = attachmentLimits;
const jpeg = { name: 'foto van thuis.jpg', mediaType: 'image/jpeg' } as const;
const [txId, otherTx] = [makeContent(1).txId, makeContent(2).txId];

let folder: string;
let states: Map<string, RecordState>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-attachments-'));
  states = new Map();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(options: Partial<AttachmentOptions> = {}): Attachments {
  return openAttachments({ folder, reserveMebibytes: 0, stateOf: (of) => states.get(of) ?? null, ...options });
}

function photoOf(bytes: number): Buffer {
  const photo = randomBytes(bytes);
  photo.set([0xff, 0xd8, 0xff].slice(0, bytes));
  return photo;
}

async function prepare(attachments: Attachments, photo: Uint8Array = photoOf(1000), of = txId): Promise<Attachment> {
  const prepared = await attachments.prepare(of, photo, jpeg);
  if (!prepared.ok) throw new Error(prepared.error);
  return prepared.value;
}

/** As the middleware's worker does it. */
function unseal(sealed: Uint8Array, { id, key, bytes }: Attachment): Buffer {
  const chunks = Math.ceil(bytes / chunkBytes);
  const plain = Array.from({ length: chunks }, (_, at) => {
    const chunk = sealed.subarray(at * (chunkBytes + tagBytes), (at + 1) * (chunkBytes + tagBytes));
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), attachmentNonce(at));
    decipher.setAAD(attachmentContext(id, at, at === chunks - 1));
    decipher.setAuthTag(chunk.subarray(-tagBytes));
    return Buffer.concat([decipher.update(chunk.subarray(0, -tagBytes)), decipher.final()]);
  });
  return Buffer.concat(plain);
}

const files = () => readdirSync(join(folder, 'attachments')).sort();

describe('prepare', () => {
  it.each([3, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes, 3 * chunkBytes + 7])('%i bytes open again', async (bytes) => {
    const attachments = open();
    const photo = photoOf(bytes);
    const attachment = await prepare(attachments, photo);
    states.set(txId, 'received');
    const [stored] = attachments.list();
    expect(stored).toEqual({ id: attachment.id, txId, length: sealedBytes(bytes), sha256: attachment.sha256, state: 'received' });
    const sealed = await attachments.read(attachment.id, 0, 10 * chunkBytes);
    expect(sealed.length).toBe(sealedBytes(bytes));
    expect(createHash('sha256').update(sealed).digest('base64url')).toBe(attachment.sha256);
    expect(unseal(sealed, attachment).equals(photo)).toBe(true);
  });

  it('takes it in parts of any size', async () => {
    const attachments = open();
    const photo = photoOf(2 * chunkBytes + 5);
    async function* inParts() {
      for (let at = 0; at < photo.length; at += 70_001) yield photo.subarray(at, at + 70_001);
    }
    const prepared = await attachments.prepare(txId, inParts(), jpeg);
    if (!prepared.ok) throw new Error(prepared.error);
    expect(unseal(await attachments.read(prepared.value.id, 0, 10 * chunkBytes), prepared.value).equals(photo)).toBe(true);
  });

  it('leaves nothing in the clear on the disk, not the name and not the key', async () => {
    const attachments = open();
    const photo = photoOf(chunkBytes + 100);
    const { key, id } = await prepare(attachments, photo);
    const disk = Buffer.concat(files().map((name) => readFileSync(join(folder, 'attachments', name))));
    for (const secret of [photo.subarray(100, 116), photo.subarray(-16), Buffer.from(key, 'base64url'), key, jpeg.name])
      expect(disk.includes(secret)).toBe(false);
    expect(files()).toEqual([`${id}.json`, `${id}.sealed`]);
  });

  it('refuses what cannot be meant, and leaves nothing of it', async () => {
    const attachments = open();
    const refused = async (source: Uint8Array, of: Parameters<Attachments['prepare']>[2] = jpeg) => {
      const prepared = await attachments.prepare(txId, source, of);
      return prepared.ok ? 'taken' : prepared.error;
    };
    expect(await refused(new Uint8Array())).toBe('empty');
    expect(await refused(photoOf(attachmentLimits.bytes + 1))).toBe('too_large');
    expect(await refused(Buffer.from('<svg onload=…>'))).toBe('wrong_type');
    expect(await refused(photoOf(1000), { ...jpeg, mediaType: 'application/pdf' })).toBe('wrong_type');
    expect(await refused(photoOf(1000), { ...jpeg, name: '' })).toBe('bad_name');
    expect(await refused(photoOf(1000), { ...jpeg, name: 'x'.repeat(201) })).toBe('bad_name');
    expect(files()).toEqual([]);
    expect(await refused(Buffer.from('%PDF-1.7 …'), { name: 'a.pdf', mediaType: 'application/pdf' })).toBe('taken');
    expect(await refused(photoOf(attachmentLimits.bytes))).toBe('taken');
  });

  it('takes ten for a record, those that are being written counted', async () => {
    const attachments = open();
    const all = await Promise.all(Array.from({ length: 12 }, () => attachments.prepare(txId, photoOf(10), jpeg)));
    expect(all.filter(({ ok }) => ok)).toHaveLength(10);
    expect(await attachments.prepare(txId, photoOf(10), jpeg)).toEqual({ ok: false, error: 'too_many' });
    expect((await attachments.prepare(otherTx, photoOf(10), jpeg)).ok).toBe(true);
  });

  it('refuses before "kept" where it would take the room that draining needs', async () => {
    const attachments = open({ reserveMebibytes: 10_000_000 });
    expect(await attachments.prepare(txId, photoOf(1000), jpeg)).toEqual({ ok: false, error: 'disk_full' });
    expect(files()).toEqual([]);
  });

  it('a source that breaks leaves nothing', async () => {
    const attachments = open();
    async function* broken() {
      yield photoOf(2 * chunkBytes);
      throw new Error('the camera is gone');
    }
    expect(await attachments.prepare(txId, broken(), jpeg)).toEqual({ ok: false, error: 'storage_failed' });
    expect(files()).toEqual([]);
  });
});

describe('before it is kept', () => {
  it('nothing is listed, and what is taken back is gone', async () => {
    const attachments = open();
    const [one, other] = [await prepare(attachments), await prepare(attachments)];
    await prepare(attachments, photoOf(10), otherTx);
    expect(attachments.list()).toEqual([]);
    attachments.discard(txId, one.id);
    expect(files()).toHaveLength(4);
    attachments.discard(txId);
    expect(files()).toHaveLength(2);
    expect(files()).not.toContain(`${other.id}.sealed`);
  });

  it('what is being written while the visit ends is stopped', async () => {
    const attachments = open();
    let asked = 0;
    async function* slow() {
      for (;;) {
        asked += 1;
        yield photoOf(chunkBytes);
        attachments.discard(txId);
      }
    }
    expect(await attachments.prepare(txId, slow(), jpeg)).toEqual({ ok: false, error: 'stopped' });
    expect([asked, files()]).toEqual([2, []]);
  });
});

describe('after a crash', () => {
  it('what was not kept goes, what was kept stays', async () => {
    const before = open();
    const kept = await prepare(before);
    await prepare(before, photoOf(10), otherTx);
    writeFileSync(join(folder, 'attachments', `${makeContent(3).txId}.sealed`), 'half a file');
    states.set(txId, 'waiting');
    const attachments = open();
    attachments.removeLeftovers();
    expect(files()).toEqual([`${kept.id}.json`, `${kept.id}.sealed`]);
    expect(attachments.list()).toMatchObject([{ id: kept.id, state: 'waiting' }]);
  });

  it('what somebody photographs while the leftovers go is none of them', async () => {
    const attachments = open();
    const { id } = await prepare(attachments);
    attachments.removeLeftovers();
    expect(files()).toEqual([`${id}.json`, `${id}.sealed`]);
  });

  it('what is half written while the leftovers go is whole afterwards', async () => {
    const attachments = open();
    const photo = photoOf(chunkBytes + 10);
    async function* slowly() {
      yield photo.subarray(0, chunkBytes);
      yield photo.subarray(chunkBytes, chunkBytes + 5);
      expect(files()).toHaveLength(1);
      attachments.removeLeftovers();
      yield photo.subarray(chunkBytes + 5);
    }
    const prepared = await attachments.prepare(txId, slowly(), jpeg);
    if (!prepared.ok) throw new Error(prepared.error);
    const sealed = await attachments.read(prepared.value.id, 0, sealedBytes(photo.length));
    expect(unseal(sealed, prepared.value).equals(photo)).toBe(true);
  });

  it('what was seen kept stays when its record was let go first', async () => {
    const before = open();
    const { id } = await prepare(before);
    states.set(txId, 'received');
    before.list();
    states.clear();
    const attachments = open();
    attachments.removeLeftovers();
    expect(attachments.list()).toMatchObject([{ id, state: null }]);
    attachments.discard(txId);
    expect(attachments.list()).toHaveLength(1);
    attachments.remove(id);
    expect([attachments.list(), files()]).toEqual([[], []]);
  });
});

it('the outbox says what became of a record', () => {
  const outbox = openTestOutbox(folder, { identity: makeSigner() });
  try {
    expect(outbox.stateOf(txId)).toBe(null);
    outbox.keep(makeContent(1), {});
    outbox.keep(makeContent(2), {});
    expect([outbox.stateOf(txId), outbox.stateOf(otherTx)]).toEqual(['waiting', 'waiting']);
    outbox.markReceived(txId, makeReceipt());
    outbox.markStuck(otherTx, 'invalid');
    expect([outbox.stateOf(txId), outbox.stateOf(otherTx)]).toEqual(['received', 'stuck']);
    outbox.decide(makeContent(2).reference, 'aside');
    expect(outbox.stateOf(otherTx)).toBe('aside');
    let checked = 0;
    outbox.afterChecks(() => {
      checked += 1;
    });
    expect(checked).toBe(0);
    outbox.finishChecks();
    expect(checked).toBe(1);
  } finally {
    outbox.close();
  }
});
