import type { KeyObject } from 'node:crypto';
import { BitString, fromBER, GeneralizedTime, UTCTime } from 'asn1js';
import { AlgorithmIdentifier, type Extension, Extensions, IssuingDistributionPoint } from 'pkijs';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { type Element, elementAt, elementsIn, inside, NotDer, whole } from './der-walk.ts';
import { usableUntil } from './freshness.ts';
import { checkEntries, isListed } from './list-entries.ts';
import { copyOf, sameBytes } from './names.ts';
import { isSignedWith } from './signed-bytes.ts';

/** A verified list of revoked certificates (RFC 5280, 5). */
export type RevocationList = {
  bytes: Uint8Array;
  thisUpdate: Date;
  usableUntil: number;
  isRevoked(serial: Uint8Array): boolean;
};

/** Whose list it must be, where it came from, and for which kind of certificate. */
export type ListWanted = { key: KeyObject; issuerName: Uint8Array; url: string; forCa: boolean };

/** Why a list is not believed; for the log. */
export type ListDoubt = 'unreadable' | 'not_signed' | 'other_list' | 'not_current';

type Parts = {
  signed: Element;
  algorithm: Element;
  signature: Element;
  issuer: Element;
  thisUpdate: Date;
  nextUpdate: Date | null;
  entries: Element | null;
  extensions: Extension[];
};

const tags = { integer: 0x02, sequence: 0x30, extensions: 0xa0 } as const;
const scopeOid = '2.5.29.28';
/** Everything in a list but its entries. */
const mostOfTheRest = 64 * 1024;

export function readList(bytes: Uint8Array, wanted: ListWanted, now: Date): Result<RevocationList, ListDoubt> {
  try {
    const parts = takeApart(bytes);
    const { entries, thisUpdate } = parts;
    if (!isSigned(bytes, parts, wanted.key)) return refuse('not_signed');
    if (!sameBytes(whole(bytes, parts.issuer), wanted.issuerName) || !covers(parts.extensions, wanted)) return refuse('other_list');
    const until = usableUntil(parts, now);
    if (until === null) return refuse('not_current');
    if (entries !== null) checkEntries(bytes, entries);
    const isRevoked = (serial: Uint8Array) => entries !== null && isListed(bytes, entries, serial);
    return ok({ bytes, thisUpdate, usableUntil: until, isRevoked });
  } catch {
    // NotDer, and what asn1js and pkijs throw on bytes that are not what they should be.
    return refuse('unreadable');
  }
}

/** CertificateList and TBSCertList (RFC 5280, 5.1). The entries are stepped over; the rest is small and goes to asn1js. */
function takeApart(bytes: Uint8Array): Parts {
  const list = elementAt(bytes, 0, bytes.length);
  const [signed, algorithm, signature, more] = elementsIn(bytes, list);
  if (signed === undefined || algorithm === undefined || signature === undefined || more !== undefined || list.end !== bytes.length)
    throw new NotDer();
  const fields = [...elementsIn(bytes, signed)];
  if (fields[0]?.tag === tags.integer) fields.shift();
  const [inner, issuer, from, ...rest] = fields;
  if (inner === undefined || issuer === undefined || from === undefined) throw new NotDer();
  const nextUpdate = rest[0] === undefined || rest[0].tag === tags.sequence || rest[0].tag === tags.extensions ? null : rest.shift();
  const entries = rest[0]?.tag === tags.sequence ? (rest.shift() ?? null) : null;
  const extensions = rest[0]?.tag === tags.extensions ? rest.shift() : undefined;
  const restSize = list.end - list.start - (entries === null ? 0 : entries.end - entries.start);
  // The algorithm inside, which is signed, must be the one outside, which is used (RFC 5280, 5.1.1.2).
  if (rest.length > 0 || restSize > mostOfTheRest || !sameBytes(whole(bytes, inner), whole(bytes, algorithm))) throw new NotDer();
  return {
    signed,
    algorithm,
    signature,
    issuer,
    thisUpdate: readTime(whole(bytes, from)),
    nextUpdate: nextUpdate === null || nextUpdate === undefined ? null : readTime(whole(bytes, nextUpdate)),
    entries,
    extensions: extensions === undefined ? [] : Extensions.fromBER(copyOf(inside(bytes, extensions))).extensions,
  };
}

function readTime(der: Uint8Array): Date {
  const { result } = fromBER(copyOf(der));
  if (!(result instanceof UTCTime) && !(result instanceof GeneralizedTime)) throw new NotDer();
  return result.toDate();
}

function isSigned(bytes: Uint8Array, { signed, algorithm, signature }: Parts, key: KeyObject): boolean {
  const { algorithmId } = AlgorithmIdentifier.fromBER(copyOf(whole(bytes, algorithm)));
  const { result } = fromBER(copyOf(whole(bytes, signature)));
  if (!(result instanceof BitString)) throw new NotDer();
  return isSignedWith(key, { algorithm: algorithmId, bytes: whole(bytes, signed), signature: result.valueBlock.valueHexView });
}

/**
 * A list may be one of several of its issuer: for CAs only, for one distribution point, or only what changed since another
 * list. One that is not for this certificate would say "not revoked" of it and mean nothing (RFC 5280, 5.2.4 and 5.2.5).
 */
function covers(extensions: readonly Extension[], { url, forCa }: ListWanted): boolean {
  if (extensions.some(({ critical, extnID }) => critical && extnID !== scopeOid)) return false;
  const scope = extensions.find(({ extnID }) => extnID === scopeOid);
  if (scope === undefined) return true;
  const { distributionPoint, onlyContainsUserCerts, onlyContainsCACerts, onlySomeReasons, indirectCRL, onlyContainsAttributeCerts } =
    IssuingDistributionPoint.fromBER(copyOf(scope.extnValue.valueBlock.valueHexView));
  if (indirectCRL || onlyContainsAttributeCerts || onlySomeReasons !== undefined || (forCa ? onlyContainsUserCerts : onlyContainsCACerts))
    return false;
  return distributionPoint === undefined || (Array.isArray(distributionPoint) && distributionPoint.some(({ value }) => value === url));
}
