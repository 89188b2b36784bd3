import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, compactVerify, importJWK } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDemoKeys } from './demo-keys.ts';

let dir: string;
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'loket-keys-')), 'keys');
});
afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }));

test('the certificate is for this machine, issued by the root, and no authority itself', async () => {
  const { tls } = await makeDemoKeys(dir);
  const [root, server] = [new X509Certificate(tls.root.pem), new X509Certificate(tls.certificate.pem)];
  expect(server.verify(root.publicKey) && server.checkIssued(root)).toBe(true);
  expect([root.ca, server.ca]).toEqual([true, false]);
  expect(server.checkHost('localhost')).toBe('localhost');
  expect([server.checkIP('127.0.0.1'), server.checkIP('::1')]).toEqual(['127.0.0.1', '::1']);
  expect(server.checkHost('example.org')).toBeUndefined();
});

test('terminals’ certificates stand behind the same root, and none of them can be a server’s', async () => {
  const { tls, terminalCa } = await makeDemoKeys(dir);
  const [root, ca] = [new X509Certificate(tls.root.pem), new X509Certificate(terminalCa.certificate.pem)];
  expect([ca.verify(root.publicKey), ca.checkIssued(root), ca.ca, ca.keyUsage]).toEqual([true, true, true, ['1.3.6.1.5.5.7.3.2']]);
  expect(ca.checkPrivateKey(createPrivateKey(terminalCa.key.pem))).toBe(true);
});

test('the set of keys is signed with the key that terminals pin, and names the keys that are there', async () => {
  const { keySet, keySetKey, sealKey, receiptKey } = await makeDemoKeys(dir);
  const { payload, protectedHeader } = await compactVerify(keySet, await importJWK({ ...keySetKey }, 'ES256'));
  expect(protectedHeader.typ).toBe('loket-key-set');
  expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({
    seal: [{ id: sealKey.id, jwk: sealKey.publicJwk }],
    receipt: [{ id: receiptKey.id, jwk: receiptKey.publicJwk }],
  });
});

test('the public halves belong to the private ones and carry nothing private', async () => {
  const { sealKey, receiptKey } = await makeDemoKeys(dir);
  expect(Object.keys(sealKey.publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
  expect(Object.keys(receiptKey.publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
  expect(sealKey.privateJwk).toMatchObject(sealKey.publicJwk);
  const signed = await new CompactSign(new Uint8Array([1]))
    .setProtectedHeader({ alg: 'ES256' })
    .sign(await importJWK({ ...receiptKey.privateJwk }, 'ES256'));
  await expect(compactVerify(signed, await importJWK({ ...receiptKey.publicJwk }, 'ES256'))).resolves.toBeDefined();
});

test.skipIf(process.platform === 'win32')('no file can be read by anybody else, and the root has no key left', async () => {
  await makeDemoKeys(dir);
  const names = (await readdir(dir)).sort();
  expect(names).toEqual(['keys.json', 'terminal-ca-key.pem', 'terminal-ca.pem', 'tls-certificate.pem', 'tls-key.pem', 'tls-root.pem']);
  for (const name of names) expect([name, (await stat(join(dir, name))).mode & 0o777]).toEqual([name, 0o600]);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
});

test('what is there is used again', async () => {
  const [{ keySet: _one, ...first }, { keySet: _other, ...second }] = [await makeDemoKeys(dir), await makeDemoKeys(dir)];
  expect(second).toEqual(first);
});

test('a damaged certificate is made anew, and the sealing key stays: something may wait for it', async () => {
  const before = await makeDemoKeys(dir);
  await writeFile(before.tls.certificate.path, 'damaged');
  const after = await makeDemoKeys(dir);
  expect(after.sealKey).toEqual(before.sealKey);
  expect(after.tls.root.pem).not.toBe(before.tls.root.pem);
  expect(new X509Certificate(after.tls.certificate.pem).checkIssued(new X509Certificate(after.tls.root.pem))).toBe(true);
});
