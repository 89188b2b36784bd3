import { createHash, randomBytes } from 'node:crypto';
import { Integer, Null, OctetString } from 'asn1js';
import { AlgorithmIdentifier, CertID, Extension, OCSPRequest, Request } from 'pkijs';
import { type CertificateName, copyOf } from './names.ts';

export type OcspQuestion = { der: Uint8Array; certId: CertID; nonce: Uint8Array };

export const nonceOid = '1.3.6.1.5.5.7.48.1.2';
const sha1Oid = '1.3.14.3.2.26';

/**
 * RFC 6960, 4.1. The hashes only name the issuer, and responders know it by its SHA-1 (RFC 5019, 2.1.1). The nonce has the
 * 32 octets that RFC 8954 allows at most and RFC 9654 asks for at least; a responder may leave it out of its answer.
 */
export function makeOcspQuestion(about: CertificateName & { keyBits: Uint8Array }): OcspQuestion {
  const certId = new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha1Oid, algorithmParams: new Null() }),
    issuerNameHash: new OctetString({ valueHex: sha1(about.issuerName) }),
    issuerKeyHash: new OctetString({ valueHex: sha1(about.keyBits) }),
    serialNumber: new Integer({ valueHex: copyOf(about.serial) }),
  });
  const nonce = new Uint8Array(new OctetString({ valueHex: copyOf(randomBytes(32)) }).toBER());
  const request = new OCSPRequest();
  request.tbsRequest.requestList = [new Request({ reqCert: certId })];
  request.tbsRequest.requestExtensions = [new Extension({ extnID: nonceOid, critical: false, extnValue: copyOf(nonce) })];
  return { der: new Uint8Array(request.toSchema(true).toBER()), certId, nonce };
}

function sha1(bytes: Uint8Array): ArrayBuffer {
  return copyOf(createHash('sha1').update(bytes).digest());
}
