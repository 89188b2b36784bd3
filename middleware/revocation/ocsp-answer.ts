import type { KeyObject } from 'node:crypto';
import { BaseBlock, Constructed, GeneralizedTime } from 'asn1js';
import { BasicOCSPResponse, type Certificate, type Extension, OCSPResponse, type SingleResponse } from 'pkijs';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { parseCertificate, readDetails } from '../../native/eid/certificate.ts';
import { datesOf, isSignedBy, isWithin } from '../../native/eid/issuer.ts';
import { usableUntil } from './freshness.ts';
import { copyOf, sameBytes } from './names.ts';
import { nonceOid, type OcspQuestion } from './ocsp-question.ts';
import { isSignedWith } from './signed-bytes.ts';

export type OcspFinding = { status: 'good' | 'revoked' | 'unknown'; thisUpdate: Date; usableUntil: number; revokedAt: Date | null };

/** Why an answer is not believed; for the log. */
export type OcspDoubt = 'unreadable' | 'no_answer_in_it' | 'not_signed' | 'other_question' | 'not_current';

/** OCSPResponseStatus and id-pkix-ocsp-basic (RFC 6960, 4.2.1). */
const successful = 0;
const basicOid = '1.3.6.1.5.5.7.48.1.1';
const ocspSigningOid = '1.3.6.1.5.5.7.3.9';
/** An answer carries its responder's certificate and perhaps that one's issuer. */
const mostCertificates = 5;

/** Reads and judges an answer (RFC 6960, 3.2) to `question`, about a certificate that `issuer` signed. */
export function readOcspAnswer(
  der: Uint8Array,
  question: OcspQuestion,
  issuer: { key: KeyObject; issuerName: Uint8Array },
  now: Date,
): Result<OcspFinding, OcspDoubt> {
  try {
    const { responseStatus, responseBytes } = OCSPResponse.fromBER(copyOf(der));
    if (responseStatus.valueBlock.valueDec !== successful || responseBytes?.responseType !== basicOid) return refuse('no_answer_in_it');
    const basic = BasicOCSPResponse.fromBER(copyOf(responseBytes.response.valueBlock.valueHexView));
    if (!isAuthorised(basic, issuer, now)) return refuse('not_signed');
    return judge(basic, question, now);
  } catch {
    // asn1js and pkijs throw on bytes that are not what they should be.
    return refuse('unreadable');
  }
}

/**
 * Signed by the issuer itself, or by a responder to whom the issuer gave a certificate for that alone (RFC 6960,
 * 4.2.2.2). `responderID` is a hint where to look and proves nothing, so every candidate's key is tried. Whether
 * such a certificate was itself revoked is not asked: 4.2.2.2.1 leaves that to the authority and to whoever asks.
 */
function isAuthorised(basic: BasicOCSPResponse, issuer: { key: KeyObject; issuerName: Uint8Array }, now: Date): boolean {
  const signed = {
    algorithm: basic.signatureAlgorithm.algorithmId,
    bytes: basic.tbsResponseData.tbsView,
    signature: basic.signature.valueBlock.valueHexView,
  };
  if (isSignedWith(issuer.key, signed)) return true;
  return (basic.certs ?? []).slice(0, mostCertificates).some((each) => {
    const responder = delegateOf(each, issuer, now);
    return responder !== null && isSignedWith(responder, signed);
  });
}

function delegateOf(given: Certificate, issuer: { key: KeyObject; issuerName: Uint8Array }, now: Date): KeyObject | null {
  const certificate = parseCertificate(new Uint8Array(given.toSchema().toBER()));
  const details = certificate === null ? null : readDetails(certificate);
  if (certificate === null || details === null) return null;
  const isDelegate =
    isWithin(datesOf(certificate), now) &&
    details.purposes?.includes(ocspSigningOid) === true &&
    details.keyUsage?.has('digitalSignature') !== false &&
    sameBytes(new Uint8Array(given.issuer.valueBeforeDecode), issuer.issuerName) &&
    isSignedBy(certificate, details, issuer.key);
  return isDelegate ? certificate.publicKey : null;
}

function judge({ tbsResponseData }: BasicOCSPResponse, question: OcspQuestion, now: Date): Result<OcspFinding, OcspDoubt> {
  const extensions = tbsResponseData.responseExtensions ?? [];
  const [single, another] = tbsResponseData.responses.filter(({ certID }) => certID.isEqual(question.certId));
  // Several answers about one certificate contradict each other or are one too many.
  if (single === undefined || another !== undefined || !fits(extensions, question.nonce)) return refuse('other_question');
  if (hasCritical(extensions) || hasCritical(single.singleExtensions ?? [])) return refuse('unreadable');
  const status = statusOf(single);
  if (status === null) return refuse('unreadable');
  const { thisUpdate, nextUpdate = null } = single;
  const until = usableUntil({ thisUpdate, nextUpdate }, now);
  return until === null
    ? refuse('not_current')
    : ok({ status, thisUpdate, usableUntil: until, revokedAt: status === 'revoked' ? revokedAtOf(single) : null });
}

/** A responder that gives answers made beforehand leaves the nonce out (RFC 5019, 4): then the dates alone speak. */
function fits(extensions: readonly Extension[], nonce: Uint8Array): boolean {
  const returned = extensions.find(({ extnID }) => extnID === nonceOid);
  return returned === undefined || sameBytes(returned.extnValue.valueBlock.valueHexView, nonce);
}

function hasCritical(extensions: readonly Extension[]): boolean {
  return extensions.some(({ critical, extnID }) => critical && extnID !== nonceOid);
}

/** CertStatus (RFC 6960, 4.2.1): [0], [1], which is also on hold, or [2]; pkijs lets no other tag through. */
const statuses = new Map<number, OcspFinding['status']>([
  [0, 'good'],
  [1, 'revoked'],
  [2, 'unknown'],
]);

function statusOf(single: SingleResponse): OcspFinding['status'] | null {
  const certStatus: unknown = single.certStatus;
  if (!(certStatus instanceof BaseBlock)) return null;
  return statuses.get(certStatus.idBlock.tagNumber) ?? null;
}

/** RevokedInfo (RFC 6960, 4.2.1), implicitly tagged: its first element is `revocationTime`. */
function revokedAtOf({ certStatus }: SingleResponse): Date | null {
  const [time]: unknown[] = certStatus instanceof Constructed ? certStatus.valueBlock.value : [];
  return time instanceof GeneralizedTime ? time.toDate() : null;
}
