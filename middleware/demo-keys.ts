// Before @peculiar/x509, which looks for it when it is loaded.
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import * as z from 'zod';

const Jwk = z.record(z.string(), z.unknown());
const KeysFile = z.object({
  sealKey: z.object({ id: z.string(), publicJwk: Jwk, privateJwk: Jwk }),
  receiptKey: z.object({ id: z.string(), alg: z.literal('ES256'), publicJwk: Jwk, privateJwk: Jwk }),
});

export type DemoKeys = {
  tls: {
    /** What a terminal pins. Its private key is thrown away at once. */
    root: { pem: string; path: string };
    certificate: { pem: string; path: string };
    key: { pem: string; path: string };
  };
  sealKey: { id: string; publicJwk: Record<string, unknown>; privateJwk: Record<string, unknown> };
  receiptKey: { id: string; alg: 'ES256'; publicJwk: Record<string, unknown>; privateJwk: Record<string, unknown> };
};

const day = 24 * 60 * 60 * 1000;
const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * Keys for the demo and the tests, in `dir` (absolute), readable by this user alone. What is there is used again: the
 * sealing key as long as it is there, because something sealed to it may still wait; the certificate while it is valid
 * for another week.
 */
export async function makeDemoKeys(dir: string): Promise<DemoKeys> {
  x509.cryptoProvider.set(crypto);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const tls = (await readTls(dir)) ?? (await makeTls(dir));
  const keys = (await readKeys(dir)) ?? (await makeKeys(dir));
  return { tls, ...keys };
}

function pathsIn(dir: string) {
  return {
    root: join(dir, 'tls-root.pem'),
    certificate: join(dir, 'tls-certificate.pem'),
    key: join(dir, 'tls-key.pem'),
    keys: join(dir, 'keys.json'),
  };
}

async function readTls(dir: string): Promise<DemoKeys['tls'] | null> {
  const paths = pathsIn(dir);
  try {
    const [root, certificate, key] = await Promise.all([
      readFile(paths.root, 'utf8'),
      readFile(paths.certificate, 'utf8'),
      readFile(paths.key, 'utf8'),
    ]);
    const server = new X509Certificate(certificate);
    const fits = server.checkIssued(new X509Certificate(root)) && new Date(server.validTo).getTime() > Date.now() + 7 * day;
    return fits
      ? {
          root: { pem: root, path: paths.root },
          certificate: { pem: certificate, path: paths.certificate },
          key: { pem: key, path: paths.key },
        }
      : null;
  } catch {
    return null;
  }
}

async function makeTls(dir: string): Promise<DemoKeys['tls']> {
  const paths = pathsIn(dir);
  // A day back: a terminal's clock may be a little slow.
  const dates = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 397 * day) };
  const rootKeys = await crypto.subtle.generateKey(p256, false, ['sign', 'verify']);
  const serverKeys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    name: 'CN=Loket demo root',
    keys: rootKeys,
    signingAlgorithm: p256,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    ...dates,
    subject: 'CN=Loket demo middleware',
    issuer: root.subject,
    publicKey: serverKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: p256,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey), 'PRIVATE KEY');
  const tls = {
    root: { pem: `${root.toString('pem')}\n`, path: paths.root },
    certificate: { pem: `${certificate.toString('pem')}\n`, path: paths.certificate },
    key: { pem: `${key}\n`, path: paths.key },
  };
  for (const file of [tls.key, tls.root, tls.certificate]) await writeSecret(file.path, file.pem);
  return tls;
}

async function readKeys(dir: string): Promise<z.infer<typeof KeysFile> | null> {
  try {
    return KeysFile.parse(JSON.parse(await readFile(pathsIn(dir).keys, 'utf8')));
  } catch {
    return null;
  }
}

/** ES256, not EdDSA, for receipts: every runtime that a terminal may have verifies it. */
async function makeKeys(dir: string): Promise<z.infer<typeof KeysFile>> {
  const seal = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const receipt = await crypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  const keys = KeysFile.parse({
    sealKey: { id: `seal-${makeId()}`, ...(await exportPair(seal)) },
    receiptKey: { id: `receipt-${makeId()}`, alg: 'ES256', ...(await exportPair(receipt)) },
  });
  await writeSecret(pathsIn(dir).keys, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

/** Only what names the key: `ext` and `key_ops` are about this process, and some importers refuse foreign ones. */
async function exportPair(pair: CryptoKeyPair): Promise<{ publicJwk: object; privateJwk: object }> {
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const publicJwk = { kty, crv, x, y };
  return { publicJwk, privateJwk: { ...publicJwk, d } };
}

function makeId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(4))).toString('hex');
}

/** Whole or not at all: a half-written key after a crash would be worse than none. */
async function writeSecret(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
