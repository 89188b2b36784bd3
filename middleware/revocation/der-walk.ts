/** One element of DER: where it begins, where its content begins, where it ends (X.690, 8.1). */
export type Element = { tag: number; start: number; content: number; end: number };

/** Bytes that are not DER. Caught where a list is read; never passed on. */
export class NotDer extends Error {
  override name = 'NotDer';
}

/**
 * Steps over DER without building anything, because asn1js makes an object of every element and stops at 10,000 of them,
 * and a national list has hundreds of thousands. Definite lengths of at most four bytes, tags of one byte.
 */
export function elementAt(bytes: Uint8Array, start: number, limit: number): Element {
  const [tag, first] = [bytes[start], bytes[start + 1]];
  if (start + 2 > limit || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new NotDer();
  const long = first > 0x80 ? first - 0x80 : 0;
  const content = start + 2 + long;
  if (first === 0x80 || long > 4 || content > limit) throw new NotDer();
  let length = long === 0 ? first : 0;
  for (let at = start + 2; at < content; at++) length = length * 256 + (bytes[at] ?? 0);
  const end = content + length;
  if (end > limit) throw new NotDer();
  return { tag, start, content, end };
}

/** The elements inside another, side by side. */
export function* elementsIn(bytes: Uint8Array, { content, end }: Pick<Element, 'content' | 'end'>): Generator<Element> {
  for (let at = content; at < end; ) {
    const element = elementAt(bytes, at, end);
    yield element;
    at = element.end;
  }
}

/** The whole element, tag and length included. */
export function whole(bytes: Uint8Array, { start, end }: Element): Uint8Array {
  return bytes.subarray(start, end);
}

export function inside(bytes: Uint8Array, { content, end }: Element): Uint8Array {
  return bytes.subarray(content, end);
}
