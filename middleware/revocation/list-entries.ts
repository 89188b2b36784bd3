import { type Element, elementAt, elementsIn, inside, NotDer } from './der-walk.ts';
import { sameBytes } from './names.ts';

const tags = { integer: 0x02, octets: 0x04, oid: 0x06, enumerated: 0x0a, sequence: 0x30, utcTime: 0x17, generalizedTime: 0x18 } as const;

/** id-ce-cRLReasons 2.5.29.21, and its value for "no longer on hold" (RFC 5280, 5.3.1). */
const reasonOid = Uint8Array.of(0x55, 0x1d, 0x15);
const removeFromCrl = 8;

/** Walks `revokedCertificates` (RFC 5280, 5.1.2.6) to its end, so that a lookup later meets no surprise. Throws `NotDer`. */
export function checkEntries(bytes: Uint8Array, list: Element): void {
  for (let at = list.content; at < list.end; ) {
    const entry = elementAt(bytes, at, list.end);
    if (entry.tag !== tags.sequence) throw new NotDer();
    const serial = elementAt(bytes, entry.content, entry.end);
    const date = elementAt(bytes, serial.end, entry.end);
    if (serial.tag !== tags.integer || (date.tag !== tags.utcTime && date.tag !== tags.generalizedTime)) throw new NotDer();
    if (date.end < entry.end && elementAt(bytes, date.end, entry.end).tag !== tags.sequence) throw new NotDer();
    at = entry.end;
  }
}

/**
 * Whether a serial stands in the list as revoked or on hold. An entry "removeFromCRL" says that it no longer is; should the
 * same serial stand there twice, the entry that revokes counts.
 */
export function isListed(bytes: Uint8Array, list: Element, serial: Uint8Array): boolean {
  const wanted = withoutLeadingZeros(serial);
  for (let at = list.content; at < list.end; ) {
    const entry = elementAt(bytes, at, list.end);
    const given = elementAt(bytes, entry.content, entry.end);
    at = entry.end;
    if (sameBytes(withoutLeadingZeros(inside(bytes, given)), wanted) && !isRemoval(bytes, entry)) return true;
  }
  return false;
}

function isRemoval(bytes: Uint8Array, entry: Element): boolean {
  const [, , extensions] = elementsIn(bytes, entry);
  if (extensions === undefined) return false;
  return [...elementsIn(bytes, extensions)].some((extension) => {
    const parts = [...elementsIn(bytes, extension)];
    const [oid, value] = [parts.at(0), parts.at(-1)];
    if (oid?.tag !== tags.oid || value?.tag !== tags.octets || !sameBytes(inside(bytes, oid), reasonOid)) return false;
    return sameBytes(inside(bytes, value), Uint8Array.of(tags.enumerated, 1, removeFromCrl));
  });
}

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first <= 0 ? bytes : bytes.subarray(first);
}
