import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { recordBytes } from '../../contract/kept-record.ts';
import { type KeySet, keySetType, type PublicJwk } from '../../contract/key-set.ts';
import { type Leaf, leafBytes, type ReceiptHead, receiptType } from '../../contract/receipt.ts';
import { sealSuite } from '../../contract/transaction.ts';
import type { BatchReply, ItemResult, LineNews, TransactionEvent } from '../../contract/wire.ts';
import { makeSealKey } from './outbox-room.ts';

export type SigningKey = { id: string; jwk: PublicJwk; privateKey: KeyObject };

export function makeKey(id: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { id, jwk: publicKey.export({ format: 'jwk' }) as PublicJwk, privateKey };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** A compact JWS as the middleware makes them. */
export function signJws(payload: unknown, key: SigningKey, header: Record<string, unknown>): string {
  const input = `${encode({ alg: 'ES256', kid: key.id, ...header })}.${encode(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

export function makeKeySet(keys: { receipt: SigningKey; bundle: SigningKey }, changes: Partial<KeySet> = {}): KeySet {
  const dates = { from: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z' };
  const tell = ({ id, jwk }: SigningKey) => ({ id, jwk, ...dates });
  return {
    serial: 1,
    issuedAt: '2026-11-01T00:00:00.000Z',
    nextUpdate: '2026-12-01T00:00:00.000Z',
    seal: [{ ...makeSealKey('seal-1'), ...dates, suite: sealSuite }],
    receipt: [tell(keys.receipt)],
    bundle: [tell(keys.bundle)],
    ...changes,
  };
}

export const signKeySet = (set: unknown, key: SigningKey, typ: string = keySetType) => signJws(set, key, { typ });

export const news: LineNews = {
  at: '2026-11-22T10:00:00.000Z',
  epoch: 'e1',
  standing: 'active',
  generations: [],
  keySetSerial: 1,
  cursor: 'none',
  slot: null,
};

/** RFC 9162, 2.1: root, and for each leaf its path, by the definition's own recursion. */
export function makeTree(leaves: readonly Uint8Array[]): { root: Buffer; paths: string[][] } {
  const [only] = leaves;
  if (only && leaves.length === 1) return { root: sha256(Uint8Array.of(0), only), paths: [[]] };
  const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  const [left, right] = [makeTree(leaves.slice(0, split)), makeTree(leaves.slice(split))];
  return {
    root: sha256(Uint8Array.of(1), left.root, right.root),
    paths: [
      ...left.paths.map((path) => [...path, right.root.toString('base64url')]),
      ...right.paths.map((path) => [...path, left.root.toString('base64url')]),
    ],
  };
}

export function toLeaf(event: TransactionEvent, terminal: string, held = false): Leaf {
  const { id: txId, reference, generation, sequence, lane, keyid: keyId, time: keptAt } = event;
  const encapsulated = Buffer.from(event.encapsulated, 'base64');
  const ciphertext = Buffer.from(event.data_base64, 'base64');
  const record = sha256(
    recordBytes({ terminal, generation, sequence, txId, reference, lane, keyId, keptAt, encapsulated, ciphertext }),
  ).toString('base64url');
  return { txId, reference, terminal, generation, sequence, record, held };
}

/** What a delivery is answered with; each part may be changed into something wrong. */
export type Twist = { key?: SigningKey; typ?: string; head?: Partial<ReceiptHead>; leaf?: Partial<Leaf>; news?: Partial<LineNews> };

/** Receives all: one receipt over the delivery. */
export function receive(
  events: readonly TransactionEvent[],
  { terminal, key }: { terminal: string; key: SigningKey },
  twist: Twist = {},
): BatchReply {
  const leaves = events.map((event) => ({ ...toLeaf(event, terminal), ...twist.leaf }));
  const { root, paths } = makeTree(leaves.map(leafBytes));
  const head: ReceiptHead = {
    terminal,
    root: root.toString('base64url'),
    size: leaves.length,
    receivedAt: '2026-11-22T10:00:01.000Z',
    epoch: 'e1',
    log: { sequence: 1, previous: null },
    ...twist.head,
  };
  return {
    results: leaves.map(
      ({ held }, index): ItemResult => ({
        txId: events[index]?.id ?? '',
        status: 'received',
        receipt: { head: 0, proof: { index, path: paths[index] ?? [] } },
        held,
      }),
    ),
    receipts: [signJws(head, twist.key ?? key, { typ: twist.typ ?? receiptType })],
    news: { ...news, ...twist.news },
  };
}

export const otherHash = () => randomBytes(32).toString('base64url');
