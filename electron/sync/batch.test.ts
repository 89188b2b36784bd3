import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Delivery, WaitingRecord } from '../outbox/outbox.ts';
import { toBatch, writeBatch } from './batch.ts';

const makeWaiting = (sequence: number, bytes: number): WaitingRecord => ({
  generation: 'AAAAAAAAAAA',
  sequence,
  txId: `01936f5e-0000-7000-8000-${String(sequence).padStart(12, '0')}`,
  reference: 'KTR-0000-0001',
  lane: 'A'.repeat(22),
  keyId: 'sleutel "é" \\ 雪',
  keptAt: '2026-11-22T09:00:00.000Z',
  encapsulated: randomBytes(65),
  ciphertext: randomBytes(bytes),
  record: randomBytes(32),
  previous: randomBytes(32),
  signature: randomBytes(64),
});

it.each([1, 2, 100])('a delivery of %i is written as its events are', (count) => {
  const [first = makeWaiting(1, 0), ...rest] = Array.from({ length: count }, (_, at) => makeWaiting(at + 1, at * 7));
  const delivery: Pick<Delivery, 'records'> = { records: [first, ...rest] };
  expect(writeBatch(delivery, 'kiosk-2').toString()).toBe(JSON.stringify(toBatch(delivery, 'kiosk-2')));
});
