// Before @peculiar/x509, which looks for it when it is loaded.
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { PublicJwk } from '../contract/key-set.ts';
import { prepareKeySet } from './keys/key-set.ts';
import { currentKey, type DatedKey, KeysFile, type PrivateJwk, publicHalf } from './keys/keys-file.ts';
import { makeKeysFile } from './keys/make-keys.ts';
import { writeSecret } from './keys/write-secret.ts';

type Pem = { pem: string; path: string };

export type DemoKeys = {
  /** `root`: what a terminal pins, behind the server's certificate and the terminal CA. Its private key is thrown away at once. */
  tls: { root: Pem; certificate: Pem; key: Pem };
  terminalCa: { certificate: Pem; key: Pem };
  /** The middleware's keys, and the file that they are in. */
  keys: KeysFile;
  keysFile: string;
  /** What terminals pin at enrolment, and the set that is signed with it. */
  keySetKey: PublicJwk;
  keySet: string;
  /** The one of `keys` that terminals seal to. */
  sealKey: DemoKey;
  /** The one of `keys` that signs receipts. */
  receiptKey: DemoKey;
};
export type DemoKey = { id: string; publicJwk: PublicJwk; privateJwk: PrivateJwk };

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
  const certificates = (await readCertificates(dir)) ?? (await makeCertificates(dir));
  const keys = (await readKeys(dir)) ?? (await makeKeys(dir));
  const signed = await prepareKeySet(keys);
  if (!signed.ok) throw new Error(signed.error);
  return {
    ...certificates,
    keys,
    keysFile: pathsIn(dir).keys,
    keySetKey: signed.value.publicJwk,
    keySet: signed.value.jws,
    sealKey: firstOf(keys.seal),
    receiptKey: firstOf(keys.receipt),
  };
}

function firstOf(keys: readonly DatedKey[]): DemoKey {
  const { id, privateJwk } = currentKey(keys, new Date());
  return { id, privateJwk, publicJwk: publicHalf(privateJwk) };
}

function pathsIn(dir: string) {
  return {
    root: join(dir, 'tls-root.pem'),
    certificate: join(dir, 'tls-certificate.pem'),
    key: join(dir, 'tls-key.pem'),
    caCertificate: join(dir, 'terminal-ca.pem'),
    caKey: join(dir, 'terminal-ca-key.pem'),
    keys: join(dir, 'keys.json'),
  };
}

type Certificates = Pick<DemoKeys, 'tls' | 'terminalCa'>;

async function readCertificates(dir: string): Promise<Certificates | null> {
  const paths = pathsIn(dir);
  const read = async (path: string): Promise<Pem> => ({ path, pem: await readFile(path, 'utf8') });
  try {
    const [root, certificate, key] = await Promise.all([read(paths.root), read(paths.certificate), read(paths.key)]);
    const [caCertificate, caKey] = await Promise.all([read(paths.caCertificate), read(paths.caKey)]);
    const [top, ...below] = [root, certificate, caCertificate].map(({ pem }) => new X509Certificate(pem));
    const fits = below.every((each) => top !== undefined && each.checkIssued(top) && each.validToDate.getTime() > Date.now() + 7 * day);
    return fits ? { tls: { root, certificate, key }, terminalCa: { certificate: caCertificate, key: caKey } } : null;
  } catch {
    return null;
  }
}

async function makeCertificates(dir: string): Promise<Certificates> {
  const paths = pathsIn(dir);
  // A day back: a terminal's clock may be a little slow.
  const dates = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 397 * day) };
  const rootKeys = await crypto.subtle.generateKey(p256, false, ['sign', 'verify']);
  const serverKeys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  const caKeys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    name: 'CN=Loket demo root',
    keys: rootKeys,
    signingAlgorithm: p256,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const byRoot = { ...dates, issuer: root.subject, signingKey: rootKeys.privateKey, signingAlgorithm: p256 };
  const authority = await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey);
  const certificate = await x509.X509CertificateGenerator.create({
    ...byRoot,
    subject: 'CN=Loket demo middleware',
    publicKey: serverKeys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      authority,
    ],
  });
  const terminalCa = await x509.X509CertificateGenerator.create({
    ...byRoot,
    subject: 'CN=Loket demo terminals',
    publicKey: caKeys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      // So that no terminal's certificate passes for a server's.
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
      authority,
    ],
  });
  const made = {
    tls: {
      root: { pem: `${root.toString('pem')}\n`, path: paths.root },
      certificate: { pem: `${certificate.toString('pem')}\n`, path: paths.certificate },
      key: { pem: await exportPem(serverKeys.privateKey), path: paths.key },
    },
    terminalCa: {
      certificate: { pem: `${terminalCa.toString('pem')}\n`, path: paths.caCertificate },
      key: { pem: await exportPem(caKeys.privateKey), path: paths.caKey },
    },
  };
  for (const file of [...Object.values(made.tls), ...Object.values(made.terminalCa)]) await writeSecret(file.path, file.pem);
  return made;
}

async function exportPem(key: CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

async function readKeys(dir: string): Promise<KeysFile | null> {
  try {
    return KeysFile.parse(JSON.parse(await readFile(pathsIn(dir).keys, 'utf8')));
  } catch {
    return null;
  }
}

async function makeKeys(dir: string): Promise<KeysFile> {
  const keys = makeKeysFile(new Date());
  await writeSecret(pathsIn(dir).keys, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}
