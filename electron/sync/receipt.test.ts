import { describe, expect, it } from 'vitest';
import { type ReceiptHead, receiptType } from '../../contract/receipt.ts';
import type { TransactionEvent } from '../../contract/wire.ts';
import { sha256 } from '../outbox/chain.ts';
import { pathOf, rootOf } from '../outbox/tree.ts';
import { makeKey, makeTree, otherHash, receive, type SigningKey, signJws, toLeaf } from '../testing/fake-middleware.ts';
import { createTree } from './inclusion.ts';
import { readPublicKey } from './keys/signed.ts';
import { createReceiptVerifier, type ReceivedResult } from './receipt.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const leavesOf = (size: number) => Array.from({ length: size }, (_, at) => bytesOf(`leaf ${at}`));

describe('a place in a tree', () => {
  it('is proven for every leaf of every size, in whatever order they come', () => {
    for (const size of [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 63, 64, 65, 99, 100, 127, 128]) {
      const leaves = leavesOf(size);
      const { root, paths } = makeTree(leaves);
      for (const order of [[...leaves.keys()], [...leaves.keys()].reverse()]) {
        const tree = createTree(root, size);
        const included = order.filter((index) => tree.includes(leaves[index] ?? root, { index, path: paths[index] ?? [] }));
        expect(included).toHaveLength(size);
      }
    }
  });

  it.each([1, 2, 3, 5, 8, 13, 100])('is refused with anything wrong in it, also after others were proven (%i leaves)', (size) => {
    const leaves = leavesOf(size);
    const { root, paths } = makeTree(leaves);
    for (const proveFirst of [false, true]) {
      const tree = createTree(root, size);
      for (const [index, leaf] of proveFirst ? leaves.entries() : []) tree.includes(leaf, { index, path: paths[index] ?? [] });
      for (const [index, leaf] of leaves.entries()) {
        const path = paths[index] ?? [];
        expect(tree.includes(bytesOf('another'), { index, path })).toBe(false);
        expect(tree.includes(leaf, { index: index + size, path })).toBe(false);
        expect(tree.includes(leaf, { index, path: [...path, otherHash()] })).toBe(false);
        if (path.length === 0) continue;
        expect(tree.includes(leaf, { index, path: path.slice(1) })).toBe(false);
        expect(tree.includes(leaf, { index, path: path.with(path.length - 1, otherHash()) })).toBe(false);
        expect(tree.includes(leaf, { index, path: path.with(0, otherHash()) })).toBe(false);
        expect(tree.includes(leaf, { index: index === 0 ? 1 : index - 1, path })).toBe(false);
      }
    }
  });

  it('is found again from the leaves alone, of every size that a delivery has', () => {
    for (let size = 1; size <= 100; size += 1) {
      const leaves = leavesOf(size);
      const hashes = Buffer.concat(leaves.map((leaf) => sha256(Uint8Array.of(0), leaf)));
      const { root, paths } = makeTree(leaves);
      expect([rootOf(hashes), ...leaves.map((_, index) => pathOf(hashes, index))]).toEqual([root, ...paths]);
    }
  });

  it('is refused of a tree larger than a delivery can be', () => {
    const leaves = leavesOf(129);
    const { root, paths } = makeTree(leaves);
    expect(createTree(root, 129).includes(leaves[128] ?? root, { index: 128, path: paths[128] ?? [] })).toBe(false);
  });
});

const right = makeKey('r1');
const keys = new Map([['r1', readPublicKey(right.jwk)]]);
const events = [1, 2, 3].map(
  (sequence): TransactionEvent => ({
    specversion: '1.0',
    id: `01936f5e-0000-7000-8000-00000000000${sequence}`,
    source: 'urn:loket:terminal:kiosk-2',
    type: 'be.loket.transaction.v1',
    time: '2026-11-22T09:00:00.000Z',
    datacontenttype: 'application/octet-stream',
    data_base64: 'AAAA',
    generation: 'AAAAAAAAAAA',
    sequence,
    reference: `KTR-0000-000${sequence}`,
    lane: 'A'.repeat(22),
    keyid: 'seal-1',
    encapsulated: 'AAAA',
  }),
);

function sentOf(place: number) {
  const event = events[place];
  if (!event) throw new Error('no such event');
  const reply = receive(events, { terminal: 'kiosk-2', key: right });
  const result = reply.results[place];
  if (result?.status !== 'received') throw new Error('not received');
  return { event, reply, result };
}

/** What the terminal has of the record. */
function recordOf(place: number) {
  const { event } = sentOf(place);
  const { txId, reference, generation, sequence, record } = toLeaf(event, 'kiosk-2');
  return { txId, reference, generation, sequence, record: Buffer.from(record, 'base64url') };
}

const verifierOf = (receipts: readonly string[]) => createReceiptVerifier(receipts, { keys, terminal: 'kiosk-2' });
const verifier = (receipts: readonly string[]) => verifierOf(receipts).verify;

describe('a receipt counts', () => {
  it('for each record of its delivery', () => {
    const { reply } = sentOf(0);
    const verify = verifier(reply.receipts);
    for (const place of [2, 0, 1]) {
      const { result } = sentOf(place);
      expect(verify(recordOf(place), result)).toMatchObject({
        ok: true,
        value: { head: reply.receipts[0], held: false, receivedAt: '2026-11-22T10:00:01.000Z' },
      });
    }
  });

  it('in an older epoch: a repeat gets its first receipt again', () => {
    const reply = receive(events, { terminal: 'kiosk-2', key: right }, { head: { epoch: 'before' } });
    expect(verifier(reply.receipts)(recordOf(0), sentOf(0).result).ok).toBe(true);
  });

  it('as held when it says so, and not when the answer alone says so', () => {
    const held = receive(events, { terminal: 'kiosk-2', key: right }, { leaf: { held: true } });
    const [result] = held.results;
    expect(verifier(held.receipts)(recordOf(0), result as ReceivedResult)).toMatchObject({ ok: true, value: { held: true } });
    const { reply, result: plain } = sentOf(0);
    expect(verifier(reply.receipts)(recordOf(0), { ...plain, held: true })).toMatchObject({ error: 'for_another_record' });
  });
});

describe('a whole delivery', () => {
  const sent = [0, 1, 2].map(recordOf);
  const whole = (reply: ReturnType<typeof receive>, records = sent) => verifierOf(reply.receipts).verifyWhole(records, reply.results);
  const right1 = () => receive(events, { terminal: 'kiosk-2', key: right });

  it('is received at once, and each record gets the path that leads to its root', () => {
    const reply = right1();
    const taken = whole(reply);
    const leaves = taken && 'leaves' in taken.proofs ? taken.proofs.leaves : Buffer.alloc(0);
    expect(taken).toMatchObject({ head: reply.receipts[0], held: false, receivedAt: '2026-11-22T10:00:01.000Z' });
    expect([0, 1, 2].map((index) => ({ index, path: pathOf(leaves, index) }))).toEqual(
      reply.results.map((result) => result.status === 'received' && result.receipt.proof),
    );
  });

  it('needs no path that came back: beside a right root, a wrong one is not what is kept', () => {
    const reply = right1();
    const proofs = whole(reply)?.proofs;
    for (const result of reply.results) if (result.status === 'received' && result.receipt.proof) result.receipt.proof.path = [otherHash()];
    expect(whole(reply)?.proofs).toEqual(proofs);
  });

  it('needs no proofs in the reply, and without them nothing less is believed', () => {
    const unproven = (reply: ReturnType<typeof receive>) => ({
      ...reply,
      results: (reply.results as ReceivedResult[]).map((result) => ({ ...result, receipt: { head: result.receipt.head } })),
    });
    const proven = right1();
    const reply = unproven(proven);
    expect(whole(reply)).toEqual(whole(proven));
    expect(whole({ ...reply, results: reply.results.toReversed() })).toBeNull();
    for (const [, twist] of twisted) expect(whole(unproven(receive(events, { terminal: 'kiosk-2', key: right }, twist)))).toBeNull();
    const [result] = reply.results as [ReceivedResult];
    expect(verifier(reply.receipts)(recordOf(0), result)).toMatchObject({ error: 'not_the_whole_tree' });
  });

  const twisted: [string, Parameters<typeof receive>[2]][] = [
    ['another key', { key: makeKey('r1') }],
    ['another terminal', { head: { terminal: 'kiosk-3' } }],
    ['another record', { leaf: { record: otherHash() } }],
    ['another root', { head: { root: otherHash() } }],
    ['a tree of another size', { head: { size: 4 } }],
  ];
  it.each(twisted)('is not received by the receipt of %s', (_name, twist) => {
    expect(whole(receive(events, { terminal: 'kiosk-2', key: right }, twist))).toBeNull();
  });

  it('is looked at one by one where the reply is about other records, in another order, or refuses one', () => {
    const reply = right1();
    const { results } = reply;
    const [first, second, third] = results as [ReceivedResult, ReceivedResult, ReceivedResult];
    const refused = { txId: first.txId, status: 'refused', reason: 'invalid' } as const;
    const changed = [
      [first, second],
      [second, first, third],
      [first, second, third, third],
      [refused, second, third],
      [first, second, refused],
      [first, second, { ...third, held: true }],
      [first, second, { ...third, receipt: { ...third.receipt, head: 1 } }],
      [first, second, { ...third, receipt: { head: 0, proof: { index: 1, path: third.receipt.proof?.path ?? [] } } }],
    ];
    expect(changed.map((each) => whole({ ...reply, results: each }))).toEqual(changed.map(() => null));
    expect([whole(reply, sent.slice(1)), whole(reply, [...sent, ...sent]), whole(reply, sent.toReversed())]).toEqual([null, null, null]);
  });
});

describe('a receipt is refused', () => {
  const twisted: [string, Parameters<typeof receive>[2], string][] = [
    ['by another key under the same name', { key: makeKey('r1') }, 'bad_signature'],
    ['by a key that the key set does not have', { key: makeKey('r9') }, 'unknown_key'],
    ['that is another signed thing', { typ: 'loket-bundle' }, 'not_signed'],
    ['for another terminal', { head: { terminal: 'kiosk-3' } }, 'for_another_terminal'],
    ['for another record', { leaf: { record: otherHash() } }, 'for_another_record'],
    ['for another reference', { leaf: { reference: 'KTR-9999-9999' } }, 'for_another_record'],
    ['for another place in the queue', { leaf: { sequence: 77 } }, 'for_another_record'],
    ['of another queue', { leaf: { generation: 'BBBBBBBBBBB' } }, 'for_another_record'],
    ['whose root is another', { head: { root: otherHash() } }, 'for_another_record'],
    ['whose tree has another size', { head: { size: 2 } }, 'for_another_record'],
    ['without a time', { head: { receivedAt: 'soon' } }, 'not_a_receipt'],
  ];
  it.each(twisted)('%s', (_name, twist, error) => {
    const reply = receive(events, { terminal: 'kiosk-2', key: right }, twist);
    expect(verifier(reply.receipts)(recordOf(2), reply.results[2] as ReceivedResult)).toEqual({ ok: false, error });
  });

  it('that is not there', () => {
    expect(verifier([])(recordOf(0), sentOf(0).result)).toEqual({ ok: false, error: 'not_a_receipt' });
  });

  const head: ReceiptHead = {
    terminal: 'kiosk-2',
    root: otherHash(),
    size: 1,
    receivedAt: '2026-11-22T10:00:01.000Z',
    epoch: 'e1',
    log: { sequence: 1, previous: null },
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const forged: [string, (key: SigningKey) => string][] = [
    ['nobody signed', () => `${encode({ alg: 'none', typ: receiptType, kid: 'r1' })}.${encode(head)}.`],
    [
      'with a signature of another kind',
      () => `${encode({ alg: 'HS256', typ: receiptType, kid: 'r1' })}.${encode(head)}.${'A'.repeat(86)}`,
    ],
    ['whose header says another algorithm over a good signature', (key) => signJws(head, key, { typ: receiptType, alg: 'ES384' })],
    ['with a header that must be understood', (key) => signJws(head, key, { typ: receiptType, crit: ['b64'], b64: false })],
    ['with a part too many', (key) => `${signJws(head, key, { typ: receiptType })}.AAAA`],
    ['that is text', () => 'received!'],
  ];
  it.each(forged)('%s', (_name, forge) => {
    expect(verifier([forge(right)])(recordOf(0), sentOf(0).result)).toMatchObject({ ok: false, error: 'not_signed' });
  });
});
