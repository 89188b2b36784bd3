import fc from 'fast-check';

/** Ways to change bytes that somebody might send: none of them leaves them as they were. For tests. */
export function mutationsOf(bytes: Uint8Array, weighty: readonly [from: number, to: number]): fc.Arbitrary<Uint8Array> {
  const anywhere = fc.nat(bytes.length - 1);
  const place = fc.oneof(anywhere, fc.integer({ min: weighty[0], max: weighty[1] }));
  const replaced = fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, by]) => splice(bytes, at, 1, [(bytes[at] ?? 0) ^ by]));
  const inserted = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 40 })).map(([at, more]) => splice(bytes, at, 0, more));
  const removed = fc.tuple(place, fc.integer({ min: 1, max: 500 })).map(([at, length]) => splice(bytes, at, length, []));
  const cut = place.map((at) => bytes.subarray(0, at));
  const copied = fc.tuple(place, place, fc.integer({ min: 1, max: 200 })).map(([from, to, length]) => {
    const piece = bytes.subarray(from, from + length);
    return splice(bytes, to, piece.length, piece);
  });
  return fc.oneof(replaced, inserted, removed, cut, copied).filter((mutant) => Buffer.compare(mutant, bytes) !== 0);
}

function splice(bytes: Uint8Array, at: number, remove: number, insert: Iterable<number>): Uint8Array {
  return new Uint8Array([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + remove)]);
}
