import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { TransactionEvent } from '../../contract/wire.ts';
import { base64Size, decodeBase64, isUsualEvent } from './usual-event.ts';

const makeEvent = () => ({
  specversion: '1.0',
  id: v7(),
  source: 'urn:loket:terminal:kiosk-1',
  type: 'be.loket.transaction.v1',
  time: '2026-11-20T09:00:00.000Z',
  datacontenttype: 'application/octet-stream',
  data_base64: randomBytes(50).toString('base64'),
  generation: 'AAAAAAAAAAA',
  sequence: 1,
  reference: 'KTR-ABCD-2345',
  lane: 'A'.repeat(22),
  keyid: 'seal-1',
  encapsulated: randomBytes(65).toString('base64'),
  previous: 'A'.repeat(43),
  signature: 'A'.repeat(86),
});

/** Null: not base64. */
function decode(text: string): Buffer | null {
  const bytes = Buffer.alloc(base64Size(text));
  return decodeBase64(text, bytes, 0) ? bytes : null;
}

it('a usual event is looked at by hand', () => {
  const { previous: _previous, signature: _signature, ...inTheMiddle } = makeEvent();
  expect([makeEvent(), inTheMiddle].map(isUsualEvent)).toEqual([true, true]);
});

/** What stands in a field, changed: gone, of another type, too long, with one character put in, changed or left out. */
const changed = (value: unknown): fc.Arbitrary<unknown> => {
  const text = String(value);
  const at = fc.nat(text.length);
  const spliced = fc.tuple(at, fc.nat(2), fc.constantFrom('', 'a', 'A', '0', '-', '_', '=', ' ', '\n', 'é', 'Ł', '9', ':'));
  return fc.oneof(
    spliced.map(([from, out, into]) => text.slice(0, from) + into + text.slice(from + out)),
    fc.constantFrom<unknown>(
      undefined,
      null,
      0,
      -1,
      1.5,
      1e300,
      '',
      [],
      {},
      text.repeat(60),
      '2026-02-30T09:00:00Z',
      '2026-11-20T09:00:00Z',
      `2026-11-20T09:00:00.${'1'.repeat(60)}Z`,
    ),
  );
};

it('what is taken for usual is what the schema takes, and says the same', () => {
  const fields = Object.keys(makeEvent()) as (keyof ReturnType<typeof makeEvent>)[];
  const events = fc.constantFrom(...fields).chain((field) => {
    const event = makeEvent();
    return changed(event[field]).map((value) => ({ ...event, [field]: value }));
  });
  let usual = 0;
  fc.assert(
    fc.property(events, (event) => {
      const read = TransactionEvent.safeParse(event);
      const isUsual = isUsualEvent(event);
      const decodes = isUsual && [event.data_base64, event.encapsulated].every((text) => decode(text) !== null);
      if (isUsual) usual += 1;
      expect(isUsual && decodes).toBe(read.success);
      if (isUsual && read.success) expect(read.data).toEqual(event);
    }),
    { numRuns: 3_000 },
  );
  expect(usual).toBeGreaterThan(50);
});

it('base64 is decoded as it is, and what is none is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(decode(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes));
    }),
  );
  for (const none of [
    'A',
    'AB',
    'ABC',
    'AB=',
    'A===',
    '====',
    '=AAA',
    'AA=A',
    'AA==AA==',
    'A A=',
    'AAA\n',
    '-AAA',
    'AA_A',
    'AAé=',
    'ŁŁŁŁ',
    'ABīC',
    'AAŁ=',
    'AAA AAA=',
  ])
    expect([none, decode(none)]).toEqual([none, null]);
});
