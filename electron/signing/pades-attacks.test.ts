import { OctetString } from 'asn1js';
import fc from 'fast-check';
import { Attribute, Certificate, ContentInfo, SignedAndUnsignedAttributes, SignedData } from 'pkijs';
import { beforeAll, describe, expect, test } from 'vitest';
import { cutDerSequence } from '../../native/eid/der.ts';
import { hashFor } from '../../native/eid/signature.ts';
import { encodeSignedAttributes, encodeSignedData, readSignedData } from '../../native/eid/signed/cms.ts';
import { byteRangePlaceholder, fillByteRange, signatureBytes, signatureRoom, signedParts } from '../../native/eid/signed/pdf-layout.ts';
import { fromCmsSignature, readSigner, type Signer } from '../../native/eid/signed/signing-key.ts';
import { verifyPades } from '../../native/eid/signed/verify-pades.ts';
import { type FakeCitizen, makeFakeCitizen, makeOtherCertificate } from '../testing/fake-citizen.ts';
import { signPdf, trust, withCms } from '../testing/fake-signing.ts';
import { mutationsOf } from '../testing/mutations.ts';
import { sampleRequest } from '../testing/sample-request.ts';
import { makeRequestPdf } from './request-pdf.ts';

/** Hundreds of signatures are checked, and the machine may be busy. */
const slow = 120_000;

let citizen: FakeCitizen;
let pdf: Uint8Array;
let cms: Uint8Array;

beforeAll(async () => {
  citizen = await makeFakeCitizen();
  pdf = await signPdf(citizen);
  cms = cmsOf(pdf);
  expect(judge(pdf)).toBe('proven');
});

function judge(bytes: Uint8Array, trusted = trust(citizen)): string {
  const proven = verifyPades(bytes, trusted);
  return proven.ok ? 'proven' : proven.error;
}

/** Where the signature stands, found without the code under test. */
function placeOf(bytes: Uint8Array): { start: number; end: number; claimedAt: Date } {
  const start = Buffer.from(bytes).indexOf('/Contents <') + '/Contents '.length;
  return { start, end: Buffer.from(bytes).indexOf('>', start) + 1, claimedAt: sampleRequest.date };
}

function cmsOf(bytes: Uint8Array): Uint8Array {
  return cutDerSequence(signatureBytes(bytes, placeOf(bytes))) as Uint8Array;
}

function signerOf({ certificate, issuer }: Pick<FakeCitizen, 'certificate' | 'issuer'>): Signer {
  return readSigner(certificate, issuer) as Signer;
}

/** A terminal gone wrong: it lets the person sign whatever this file is. */
function signAnyway(bytes: Uint8Array): Uint8Array {
  const place = placeOf(bytes);
  const signer = signerOf(citizen);
  const signed = { signer, contentDigest: hashFor('ES384', ...signedParts(bytes, place)) };
  const signature = citizen.sign(hashFor('ES384', encodeSignedAttributes(signed)));
  const whole = Buffer.from(bytes);
  whole.write(Buffer.from(encodeSignedData(signed, signature)).toString('hex'), place.start + 1, 'latin1');
  return new Uint8Array(whole);
}

function replaceText(bytes: Uint8Array, from: string | RegExp, to: string): Uint8Array {
  return new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replace(from, to), 'latin1'));
}

describe('the file is not what was signed', () => {
  test('something was written behind it', () => {
    const update = '\n12 0 obj\n<< /Length 0 >>\nendobj\nxref\n0 0\ntrailer\n<< /Prev 100 >>\nstartxref\n9\n%%EOF\n';
    for (const more of [update, '\n', ' ', '\0']) expect(judge(new Uint8Array([...pdf, ...Buffer.from(more)]))).toBe('unreadable');
  });

  test('it ends too early', () => {
    for (const length of [0, 1, 10, 1000, 5000, pdf.length - 100, pdf.length - 1])
      expect(judge(pdf.subarray(0, length))).toBe('unreadable');
  });

  test('the signature is of another document', async () => {
    const other = await signPdf(citizen, { ...sampleRequest, place: 'Harelbeke' });
    expect(judge(withCms(other, cms))).toBe('altered');
  });

  test('a letter of the document, or the time of signing, was changed', () => {
    expect(judge(replaceText(pdf, '(Loket)', '(Laket)'))).toBe('altered');
    expect(judge(replaceText(pdf, 'D:20260615100000Z)\n/ByteRange', 'D:20250615100000Z)\n/ByteRange'))).toBe('altered');
  });
});

describe('a ByteRange that tells another story than the file', () => {
  const range = /\/ByteRange \[0 (\d+) (\d+) (\d+) *\]/;
  const tricks: [string, (start: number, end: number, rest: number) => (number | string)[]][] = [
    ['a hole behind the signature', (start, end, rest) => [0, start, end + 500, rest - 500]],
    ['a hole before the signature', (start, end, rest) => [0, start - 100, end, rest]],
    ['parts that overlap', (_start, end, rest) => [0, end + 10, end, rest]],
    ['a tail that is left out', (start, end, rest) => [0, start, end, rest - 1]],
    ['a part beyond the end', (start, end, rest) => [0, start, end, rest + 1]],
    ['numbers that are huge', (start) => [0, start, '9999999999', '9999999999']],
    ['a start that is not the beginning', (start, end, rest) => [1, start - 1, end, rest]],
    ['one part alone', (start) => [0, start]],
    ['a third part', (start, end, rest) => [0, start, end, rest - 10, 0, 10]],
    ['leading zeroes', (start, end, rest) => [0, `0${start}`, end, rest]],
  ];
  /** As wide as before, so that nothing else moves. */
  const lieAbout = (honest: Uint8Array, lie: (typeof tricks)[number][1]) => {
    const [whole = '', start, end, rest] = range.exec(Buffer.from(honest).toString('latin1')) ?? [];
    const told = `/ByteRange [${lie(Number(start), Number(end), Number(rest)).join(' ')}`;
    return replaceText(honest, whole, `${told.padEnd(whole.length - 1)}]`);
  };

  test.each(tricks)('%s', async (_name, lie) => {
    const honest = fillByteRange(await makeRequestPdf(sampleRequest));
    expect(judge(signAnyway(honest))).toBe('proven');
    expect(judge(signAnyway(lieAbout(honest, lie)))).toBe('unreadable');
    expect(judge(lieAbout(pdf, lie))).toBe('unreadable');
  });

  test('a second one', async () => {
    const made = Buffer.from(await makeRequestPdf(sampleRequest));
    const twice = fillByteRange(new Uint8Array(Buffer.concat([made, Buffer.from('% /ByteRange [0 1 2 3]\n')])));
    expect(judge(signAnyway(twice))).toBe('unreadable');
    const harmless = fillByteRange(new Uint8Array(Buffer.concat([made, Buffer.from('% nothing\n')])));
    expect(judge(signAnyway(harmless))).toBe('proven');
  });
});

describe('the signature is not the one that the card made', () => {
  test('another certificate stands in it, for the same key', async () => {
    const signer = signerOf({ certificate: await makeOtherCertificate(citizen), issuer: citizen.issuer });
    const { contentDigest, signature } = readSignedData(cms);
    const swapped = encodeSignedData({ signer, contentDigest }, fromCmsSignature(signer, signature) as Uint8Array);
    expect(judge(withCms(pdf, swapped))).toBe('altered');
  });

  test("another person's certificate stands in it", async () => {
    const signer = signerOf(await makeFakeCitizen());
    const { contentDigest, signature } = readSignedData(cms);
    const swapped = encodeSignedData({ signer, contentDigest }, fromCmsSignature(signer, signature) as Uint8Array);
    expect(judge(withCms(pdf, swapped))).toBe('altered');
  });

  test('the hash is of this document and the signature is of another', async () => {
    const other = await signPdf(citizen, { ...sampleRequest, place: 'Harelbeke' });
    const signer = signerOf(citizen);
    const own = { signer, contentDigest: readSignedData(cmsOf(other)).contentDigest };
    const forged = encodeSignedData(own, fromCmsSignature(signer, readSignedData(cms).signature) as Uint8Array);
    expect(judge(withCms(other, forged))).toBe('altered');
  });
});

describe('the signature is right and the signer is not', () => {
  test('the key is for signing in', async () => {
    const wrong = await makeFakeCitizen({ use: 'authentication' });
    expect(judge(await signPdf(wrong), trust(wrong))).toBe('wrong_usage');
  });

  test('no trusted root stands behind it', async () => {
    expect(judge(await signPdf(await makeFakeCitizen()))).toBe('issuer_unknown');
  });

  test('the certificate was over, or not begun', async () => {
    const early = await makeFakeCitizen({ until: '2026-06-15T12:00:00Z' });
    expect(judge(await signPdf(early), trust(early))).toBe('expired');
    expect(judge(pdf, { ...trust(citizen), now: new Date('2019-01-01') })).toBe('not_yet');
  });
});

test(
  'an RSA signature whose bytes look like those of another kind is still one',
  async () => {
    const rsa = await makeFakeCitizen({ algorithm: 'RS256' });
    const [signer, ecdsa] = [signerOf(rsa), signerOf(citizen)];
    const dictionary = '/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n/M (D:20260615100000Z)\n';
    const room = `${dictionary}/ByteRange ${byteRangePlaceholder}\n/Contents <${'00'.repeat(signatureRoom)}>`;
    for (let attempt = 0; ; attempt++) {
      const empty = fillByteRange(Buffer.from(`${attempt}${room}`, 'latin1'));
      const signed = { signer, contentDigest: hashFor('RS256', ...signedParts(empty, placeOf(empty))) };
      const signature = rsa.sign(hashFor('RS256', encodeSignedAttributes(signed)));
      if (!looksLikeSequence(signature, ecdsa)) continue;
      expect(judge(withCms(empty, encodeSignedData(signed, signature)), trust(rsa))).toBe('proven');
      return;
    }
  },
  slow,
);

/** One in some hundred: reading it as an ECDSA signature throws. */
function looksLikeSequence(signature: Uint8Array, ecdsa: Signer): boolean {
  try {
    fromCmsSignature(ecdsa, signature);
    return false;
  } catch {
    return true;
  }
}

/** What no signature covers: the bytes between the signed parts. */
describe('something travels in the room of the signature', () => {
  const edit = (change: (signed: SignedData) => void): Uint8Array => {
    const signed = new SignedData({ schema: ContentInfo.fromBER(Uint8Array.from(cms)).content });
    change(signed);
    const info = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
    return new Uint8Array(info.toSchema().toBER());
  };

  test('an unsigned attribute', () => {
    const attribute = new Attribute({ type: '1.2.3.4', values: [new OctetString({ valueHex: new Uint8Array(3) })] });
    const unsignedAttrs = new SignedAndUnsignedAttributes({ type: 1, attributes: [attribute] });
    const forged = edit((signed) => {
      for (const info of signed.signerInfos) info.unsignedAttrs = unsignedAttrs;
    });
    expect(judge(withCms(pdf, forged))).toBe('unreadable');
  });

  test('a second signer', () => {
    expect(
      judge(
        withCms(
          pdf,
          edit((signed) => signed.signerInfos.push(...signed.signerInfos)),
        ),
      ),
    ).toBe('unreadable');
  });

  test('a third certificate', async () => {
    const more = Certificate.fromBER(Uint8Array.from(await makeOtherCertificate(citizen)));
    expect(
      judge(
        withCms(
          pdf,
          edit((signed) => signed.certificates?.push(more)),
        ),
      ),
    ).toBe('unreadable');
  });

  test('no certificate at all', () => {
    expect(
      judge(
        withCms(
          pdf,
          edit((signed) => Object.assign(signed, { certificates: [] })),
        ),
      ),
    ).toBe('unreadable');
  });

  test('bytes behind the signature', () => {
    expect(judge(withCms(pdf, cms))).toBe('proven');
    expect(judge(withCms(pdf, new Uint8Array([...cms, 1])))).toBe('unreadable');
    expect(judge(withCms(pdf, new Uint8Array([...cms, ...new Uint8Array(500), 1])))).toBe('unreadable');
  });

  test('the same bytes in other letters', () => {
    const { start, end } = placeOf(pdf);
    const text = Buffer.from(pdf).toString('latin1');
    const shout = text.slice(0, start) + text.slice(start, end).toUpperCase() + text.slice(end);
    expect(judge(new Uint8Array(Buffer.from(shout, 'latin1')))).toBe('unreadable');
    const spaced = text.slice(0, end - 3) + '  >' + text.slice(end);
    expect(judge(new Uint8Array(Buffer.from(spaced, 'latin1')))).toBe('unreadable');
  });
});

describe('whatever comes', () => {
  test(
    'no change is taken, nothing throws',
    () => {
      const { start } = placeOf(pdf);
      const mutants = mutationsOf(pdf, [start - 200, start + 2 * cms.length + 20]);
      fc.assert(
        fc.property(mutants, (mutant) => judge(mutant) !== 'proven'),
        { numRuns: 400 },
      );
    },
    slow,
  );

  test(
    'every part of the signature counts',
    () => {
      for (let at = 0; at < cms.length; at += 7) {
        const forged = Uint8Array.from(cms);
        forged[at] = (forged[at] ?? 0) ^ (1 << (at % 8));
        expect(judge(withCms(pdf, forged)), `byte ${at}`).not.toBe('proven');
      }
    },
    slow,
  );

  test('any bytes for a signature are an answer, not a crash', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => judge(withCms(pdf, bytes)) !== 'proven'));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => judge(bytes) === 'unreadable'));
  });

  test('a file beyond all measure is not read', async () => {
    const made = await makeRequestPdf(sampleRequest);
    const huge = fillByteRange(new Uint8Array(Buffer.concat([made, Buffer.alloc(5_000_000, ' ')])));
    expect(judge(signAnyway(huge))).toBe('unreadable');
  });
});
