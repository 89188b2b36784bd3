import { createHash, type KeyObject, sign } from 'node:crypto';
import { BitString, Constructed, Enumerated, GeneralizedTime, Null, OctetString, Primitive } from 'asn1js';
import {
  AlgorithmIdentifier,
  BasicOCSPResponse,
  type CertID,
  Certificate,
  Extension,
  OCSPResponse,
  ResponseBytes,
  ResponseData,
  SingleResponse,
} from 'pkijs';

/** Somebody who signs answers or lists: a CA of the tests, a responder, or a stranger. */
export type AuthorityKey = { certificate: Uint8Array; key: KeyObject };

export type Status = 'good' | 'revoked' | 'unknown';

/** How it is signed, when not as the signer's key usually does. */
export type SignedHow = { oid: string; hash: 'sha1' | 'sha256' | 'sha384' | 'sha512' };

export type ExtensionGiven = { oid: string; critical: boolean; value: Uint8Array };

export type AnswerOptions = {
  about: readonly { certId: CertID; status: Status }[];
  thisUpdate: Date;
  nextUpdate: Date | null;
  /** DER of the extension's value, as the question had it. */
  nonce?: Uint8Array | undefined;
  signer: AuthorityKey;
  /** Sent along. */
  certificates?: readonly Uint8Array[];
  /** OCSPResponseStatus; 0 is successful. */
  responseStatus?: number;
  extensions?: readonly ExtensionGiven[];
  singleExtensions?: readonly ExtensionGiven[];
  how?: SignedHow;
};

const oids = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  ecdsaSha384: '1.2.840.10045.4.3.3',
  rsaSha256: '1.2.840.113549.1.1.11',
} as const;

/** A signed OCSP answer (RFC 6960, 4.2.1), true or not. */
export function makeOcspAnswer(options: AnswerOptions): Uint8Array {
  const { signer, certificates = [], responseStatus = 0, how = usual(signer.key) } = options;
  const basic = new BasicOCSPResponse();
  basic.tbsResponseData = responseData(options);
  basic.signatureAlgorithm = algorithm(how.oid);
  basic.signature = new BitString({ valueHex: copy(sign(how.hash, basic.tbsResponseData.tbsView, signer.key)) });
  if (certificates.length > 0) basic.certs = certificates.map((each) => Certificate.fromBER(copy(each)));
  const response = new OCSPResponse();
  response.responseStatus = new Enumerated({ value: responseStatus });
  response.responseBytes = new ResponseBytes({
    responseType: oids.basic,
    response: new OctetString({ valueHex: basic.toSchema().toBER() }),
  });
  return new Uint8Array(response.toSchema().toBER());
}

function responseData({
  about,
  thisUpdate,
  nextUpdate,
  nonce,
  signer,
  extensions = [],
  singleExtensions = [],
}: AnswerOptions): ResponseData {
  const data = new ResponseData();
  data.responderID = new OctetString({ valueHex: createHash('sha1').update(keyBits(signer.certificate)).digest() });
  data.producedAt = thisUpdate;
  data.responses = about.map(
    ({ certId, status }) =>
      new SingleResponse({
        certID: certId,
        certStatus: certStatus(status, thisUpdate),
        thisUpdate,
        ...(nextUpdate === null ? {} : { nextUpdate }),
        ...(singleExtensions.length === 0 ? {} : { singleExtensions: singleExtensions.map(extension) }),
      }),
  );
  const all = nonce === undefined ? extensions : [...extensions, { oid: oids.nonce, critical: false, value: nonce }];
  if (all.length > 0) data.responseExtensions = all.map(extension);
  data.tbsView = new Uint8Array(data.toSchema(true).toBER());
  return data;
}

/** [1] is RevokedInfo: the time, without a reason. */
function certStatus(status: Status, at: Date): Primitive | Constructed {
  if (status === 'revoked')
    return new Constructed({ idBlock: { tagClass: 3, tagNumber: 1 }, value: [new GeneralizedTime({ valueDate: at })] });
  return new Primitive({ idBlock: { tagClass: 3, tagNumber: status === 'good' ? 0 : 2 } });
}

export type ListOptions = {
  /** Hexadecimal serials; `reason` as in RFC 5280, 5.3.1. */
  revoked: readonly { serial: string; reason?: number }[];
  thisUpdate: Date;
  nextUpdate: Date | null;
  signer: AuthorityKey;
  /** Whose list it says it is, when not the signer's. */
  issuer?: AuthorityKey;
  extensions?: readonly ExtensionGiven[];
  how?: SignedHow;
  /** The algorithm that is named in what is signed, when it is another one. */
  namedInside?: string;
  /** In place of entries made of `revoked`: any bytes. */
  rawEntries?: Uint8Array;
};

/** A signed list of revoked certificates (RFC 5280, 5.1), of any length. */
export function makeList(options: ListOptions): Uint8Array {
  const { thisUpdate, nextUpdate, signer, issuer = signer, extensions = [], how = usual(signer.key), namedInside = how.oid } = options;
  const name = new Uint8Array(Certificate.fromBER(copy(issuer.certificate)).subject.valueBeforeDecode);
  const entries = options.rawEntries ?? entriesOf(options);
  const signed = der(
    0x30,
    der(0x02, Buffer.of(1)),
    bytesOf(algorithm(namedInside)),
    name,
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [der(0x30, entries)]),
    ...(extensions.length === 0 ? [] : [der(0xa0, der(0x30, ...extensions.map((each) => bytesOf(extension(each)))))]),
  );
  return der(0x30, signed, bytesOf(algorithm(how.oid)), der(0x03, Buffer.of(0), sign(how.hash, signed, signer.key)));
}

/** Made once for each reason: a national list has hundreds of thousands of entries. */
function entriesOf({ revoked, thisUpdate }: ListOptions): Uint8Array {
  const at = time(thisUpdate);
  const reasons = new Map<number, Uint8Array>();
  const why = (reason: number) => {
    const made = reasons.get(reason) ?? reasonOf(reason);
    reasons.set(reason, made);
    return made;
  };
  return Buffer.concat(revoked.map(({ serial, reason }) => der(0x30, integer(serial), at, ...(reason === undefined ? [] : [why(reason)]))));
}

function extension({ oid, critical, value }: ExtensionGiven): Extension {
  return new Extension({ extnID: oid, critical, extnValue: copy(value) });
}

function bytesOf(value: Extension | AlgorithmIdentifier): Uint8Array {
  return new Uint8Array(value.toSchema().toBER());
}

function reasonOf(reason: number): Uint8Array {
  return der(0x30, bytesOf(extension({ oid: '2.5.29.21', critical: false, value: der(0x0a, Buffer.of(reason)) })));
}

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const short = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(tag, 0x80 + short.length), short, content]);
}

function integer(hex: string): Uint8Array {
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

function time(at: Date): Uint8Array {
  const digits = at.toISOString().replaceAll(/[-:T]|\.\d+Z$/g, '');
  // UTCTime until 2049 (RFC 5280, 5.1.2.4).
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(`${digits.slice(2)}Z`)) : der(0x18, Buffer.from(`${digits}Z`));
}

function usual(key: KeyObject): SignedHow {
  return key.asymmetricKeyType === 'ec' ? { oid: oids.ecdsaSha384, hash: 'sha384' } : { oid: oids.rsaSha256, hash: 'sha256' };
}

/** RSA's have NULL parameters and ECDSA's have none (RFC 4055, 5; RFC 5758, 3.2). */
function algorithm(oid: string): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithmId: oid, ...(oid.startsWith('1.2.840.113549.1.1.') ? { algorithmParams: new Null() } : {}) });
}

/** What OCSP hashes of a certificate's key (RFC 6960, 4.1.1). */
export function keyBits(certificate: Uint8Array): Uint8Array {
  const { subjectPublicKeyInfo } = Certificate.fromBER(copy(certificate));
  return new Uint8Array(subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);
}

export function copy(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
