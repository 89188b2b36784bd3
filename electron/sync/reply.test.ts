import { expect, it } from 'vitest';
import { BatchReply } from '../../contract/wire.ts';
import { news } from '../testing/fake-middleware.ts';
import { QuickReply } from './reply.ts';

const hash = 'A'.repeat(43);
const received = {
  txId: '01936f5e-0000-7000-8000-000000000001',
  status: 'received',
  receipt: { head: 0, proof: { index: 1, path: [hash, hash] } },
  held: false,
};
const refused = { txId: received.txId, status: 'refused', reason: 'invalid' };
const replyOf = (results: unknown) => ({ results, receipts: ['a.b.c'], news });

/** The same with one value, at whatever depth, replaced by another. */
function* change(value: unknown, others: readonly unknown[]): Generator<unknown> {
  yield* others;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    for (const other of change(part, others)) {
      yield Array.isArray(value) ? value.with(Number(name), other) : { ...value, [name]: other };
    }
  }
}

it('takes a reply for right and for wrong as the schema does, whatever stands in a result', () => {
  const others = [
    undefined,
    null,
    true,
    0,
    1,
    -1,
    1.5,
    2 ** 53,
    '',
    'received',
    'refused',
    `${hash}A`,
    `${hash.slice(1)}=`,
    [],
    {},
    [hash],
    [''],
  ];
  const longest = { ...received, receipt: { head: 0, proof: { index: 0, path: Array(7).fill(hash) } } };
  const tooLong = { ...received, receipt: { head: 0, proof: { index: 0, path: Array(8).fill(hash) } } };
  const results = [
    [],
    Array(100).fill(received),
    Array(101).fill(received),
    [longest],
    [tooLong],
    [{ ...received, txId: received.txId.toUpperCase() }],
  ];
  const changed = [received, refused].flatMap((each) => [...change(each, others)].map((one) => [received, one]));
  const judged = [...results, ...changed, ...others].map((each) =>
    [BatchReply, QuickReply].map((shape) => shape.safeParse(replyOf(each)).success),
  );
  expect(judged.filter(([right, quick]) => right !== quick)).toEqual([]);
  expect(judged.filter(([right]) => right).length).toBeGreaterThan(5);
});
