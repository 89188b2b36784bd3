import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseBatch } from './parse-batch.ts';

const parsed = (parse: () => unknown): unknown => {
  try {
    return { value: parse() };
  } catch (error) {
    return error instanceof SyntaxError ? 'no JSON' : error;
  }
};

const text = fc.oneof(fc.string(), fc.constantFrom('},{"specversion"', '\\"},{\\"specversion\\"', 'é', '雪', ']', '['));
const event = fc.record({ specversion: text, data: fc.oneof(text, fc.array(fc.record({ specversion: text }))) });
const written = fc.oneof(
  fc.array(event, { maxLength: 4 }).map((events) => JSON.stringify(events)),
  fc.array(event, { maxLength: 3 }).map((events) => JSON.stringify(events, null, 1)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);
/** As it was written, or with something cut out, put in or doubled. */
const sent = fc
  .tuple(written, fc.nat(), fc.nat(4), fc.constantFrom('', '},{"specversion"', ',', ']', '"', '\u0000', '['))
  .chain(([whole, at, out, into]) =>
    fc.constantFrom(whole, whole.slice(0, at % (whole.length + 1)) + into + whole.slice((at % (whole.length + 1)) + out)),
  );

it('reads what JSON.parse reads, and nothing else', () => {
  fc.assert(
    fc.property(sent, (body) => {
      expect(parsed(() => parseBatch(Buffer.from(body)))).toEqual(parsed(() => JSON.parse(body)));
    }),
    { numRuns: 5_000 },
  );
});

it.each([
  '',
  ' ',
  '[',
  ']',
  '[]',
  '[,]',
  '[{"specversion":1},{"specversion":2}]',
  '[{"specversion":1},{"specversion":2}',
  '[[{"specversion":1},{"specversion":2}]]',
])('reads %j as JSON.parse does', (body) => {
  expect(parsed(() => parseBatch(Buffer.from(body)))).toEqual(parsed(() => JSON.parse(body)));
});
