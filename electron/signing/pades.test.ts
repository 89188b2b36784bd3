import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutDerSequence } from '../../native/eid/der.ts';
import { readSignedData } from '../../native/eid/signed/cms.ts';
import { findSignature, signatureBytes, signedParts } from '../../native/eid/signed/pdf-layout.ts';
import { verifyPades } from '../../native/eid/signed/verify-pades.ts';
import { type FakeCitizen, makeFakeCitizen } from '../testing/fake-citizen.ts';
import { signPdf, trust, unwrap } from '../testing/fake-signing.ts';
import { sampleRequest } from '../testing/sample-request.ts';
import { preparePades } from './pades.ts';
import { makeRequestPdf } from './request-pdf.ts';

const folder = mkdtempSync(join(tmpdir(), 'loket-pades-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function layoutOf(pdf: Uint8Array) {
  const layout = findSignature(pdf);
  if (layout === null) throw new Error('no signature found');
  return layout;
}

describe.each(['ES384', 'RS256'] as const)('a request signed with %s', (algorithm) => {
  let citizen: FakeCitizen;
  let pdf: Uint8Array;
  beforeAll(async () => {
    citizen = await makeFakeCitizen({ algorithm });
    pdf = await signPdf(citizen);
  });

  test('is proven to be signed, by whom and when', () => {
    const proven = unwrap(verifyPades(pdf, trust(citizen)));
    expect(new Uint8Array(proven.certificate.raw)).toEqual(citizen.certificate);
    expect(proven.claimedAt).toEqual(sampleRequest.date);
  });

  test('is what was shown, but for the signature in its room', async () => {
    const { shown } = unwrap(preparePades({ pdf: await makeRequestPdf(sampleRequest), ...citizen }));
    expect(signedParts(pdf, layoutOf(pdf))).toEqual(signedParts(shown, layoutOf(shown)));
    expect(pdf.length).toBe(shown.length);
  });

  test.skipIf(!has('openssl'))('openssl takes the signature for what it is: CAdES, detached, without a time of its own', () => {
    const [content, cms, root] = ['content.bin', 'signature.der', 'root.pem'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(content, Buffer.concat(signedParts(pdf, layoutOf(pdf))));
    writeFileSync(cms, signatureBytes(pdf, layoutOf(pdf)));
    writeFileSync(root, citizen.rootPem);
    const run = (...words: string[]) => execFileSync('openssl', ['cms', '-inform', 'DER', '-in', cms, ...words], { stdio: 'pipe' });
    const check = ['-verify', '-content', content, '-binary', '-CAfile', root, '-purpose', 'any', '-cades', '-out', join(folder, 'out')];
    expect(run(...check)).toBeDefined();
    const printed = run('-cmsout', '-print', '-noout').toString();
    for (const attribute of ['contentType', 'messageDigest', 'id-smime-aa-signingCertificateV2']) expect(printed).toContain(attribute);
    expect(printed).not.toContain('signingTime');
    writeFileSync(content, 'other content');
    expect(() => run(...check)).toThrow();
  });

  test.skipIf(!has('pdfsig'))('poppler takes it for a valid PAdES signature over the whole document', () => {
    const file = join(folder, 'signed.pdf');
    writeFileSync(file, pdf);
    const said = execFileSync('pdfsig', ['-nocert', file]).toString();
    expect(said).toContain('Signature Type: ETSI.CAdES.detached');
    expect(said).toContain('Total document signed');
    expect(said).toContain('Signature is Valid.');
  });

  test.skipIf(!has('qpdf'))('qpdf finds nothing wrong with the file', () => {
    const file = join(folder, 'checked.pdf');
    writeFileSync(file, pdf);
    expect(execFileSync('qpdf', ['--check', file]).toString()).toContain('No syntax or stream encoding errors found');
  });
});

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

describe('nothing is given out', () => {
  test('when the card signed something else', async () => {
    const citizen = await makeFakeCitizen();
    const prepared = unwrap(preparePades({ pdf: await makeRequestPdf(sampleRequest), ...citizen }));
    const other = citizen.sign(createHash('sha384').update('something else').digest());
    const wrong = [other, new Uint8Array(96), new Uint8Array(0), citizen.sign(prepared.digest).subarray(1), new Uint8Array(10_000)];
    for (const signature of wrong) expect(prepared.finish(signature)).toEqual({ ok: false, error: 'does_not_verify' });
    expect(prepared.finish(citizen.sign(prepared.digest)).ok).toBe(true);
  });

  test('when there is no certificate, or none whose key signs documents here', async () => {
    const citizen = await makeFakeCitizen();
    const pdf = await makeRequestPdf(sampleRequest);
    const none = new Uint8Array([1, 2, 3]);
    for (const wrong of [{ certificate: none }, { issuer: none }, { certificate: new Uint8Array() }]) {
      expect(preparePades({ pdf, ...citizen, ...wrong })).toEqual({ ok: false, error: 'certificate' });
    }
  });

  test('when the certificates are longer than the room', async () => {
    const citizen = await makeFakeCitizen({ padding: 7200 });
    const pdf = await makeRequestPdf(sampleRequest);
    expect(preparePades({ pdf, ...citizen })).toEqual({ ok: false, error: 'does_not_fit' });
  });
});

test('a card file with its padding behind the certificate is the same certificate', async () => {
  const citizen = await makeFakeCitizen();
  const padded = { ...citizen, certificate: new Uint8Array(Buffer.concat([citizen.certificate, Buffer.alloc(1100)])) };
  expect(verifyPades(await signPdf(padded), trust(citizen)).ok).toBe(true);
});

test.each([0, 2000])('the CMS is DER whichever certificate is the longer one (%i more bytes)', async (padding) => {
  const pdf = await signPdf(await makeFakeCitizen({ padding }));
  const { certificates } = readSignedData(cutDerSequence(signatureBytes(pdf, layoutOf(pdf))) as Uint8Array);
  expect(certificates).toHaveLength(2);
  expect(certificates).toEqual(certificates.toSorted(Buffer.compare));
});

test('a PDF without room for a signature is our own mistake', async () => {
  const citizen = await makeFakeCitizen();
  expect(() => preparePades({ pdf: new TextEncoder().encode('%PDF-1.7\n'), ...citizen })).toThrow('no room');
});

test('no answer can pass for a signature dictionary', async () => {
  const citizen = await makeFakeCitizen();
  const value = '/ByteRange [0 1 2 3]\n/Contents <00>\n/ByteRange [0 9999999999 9999999999 9999999999]';
  const pdf = await signPdf(citizen, { ...sampleRequest, lines: [{ label: value, value }] });
  expect(verifyPades(pdf, trust(citizen)).ok).toBe(true);
});
