import { execFile } from 'node:child_process';
import { randomBytes, sign } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import { webEidFormat } from '../../contract/web-eid.ts';
import { checkRuntime, type RuntimeCase } from './checks/runtime-checks.ts';
import { makeSampleCard, makeSampleChip, type SampleCard, type SampleOptions } from './fixtures/sample-card.ts';
import { type ChainOptions, makeSampleChain, type SampleChain } from './fixtures/sample-chain.ts';
import { signedBytes } from './token.ts';

/** Electron brings BoringSSL instead of OpenSSL: the same bytes must be proven, and refused, by both. */
const electron = join(import.meta.dirname, '../../.cache/electron-33/electron');
const now = new Date('2026-06-15T10:00:00Z');

const script = `
  import { readFileSync } from 'node:fs';
  import { checkRuntime } from './checks/runtime-checks.ts';
  const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const results = checkRuntime(cases, new Date('${now.toISOString()}'));
  console.log(JSON.stringify({ electron: process.versions.electron ?? null, results }));
`;

async function checkIn(program: string, cases: readonly RuntimeCase[]): Promise<{ electron: string | null; results: unknown[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'loket-crypto-'));
  try {
    const file = join(folder, 'check.mjs');
    const data = join(folder, 'cases.json');
    const stdin = { contents: script, resolveDir: import.meta.dirname, loader: 'ts' as const };
    await esbuild.build({ stdin, outfile: file, bundle: true, platform: 'node', format: 'esm', target: 'node20.18' });
    writeFileSync(data, JSON.stringify(cases));
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const { stdout } = await promisify(execFile)(program, [file, data], { env, maxBuffer: 10_000_000 });
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.skipIf(!existsSync(electron))('the test runtime of Electron proves and refuses what Node does', async () => {
  const kinds: [SampleOptions, ChainOptions][] = [
    [{ generation: 'ec' }, {}],
    [{ generation: 'ec', photoHash: 'sha1' }, { keys: 'rsa2048' }],
    [{ generation: 'rsa_sha256' }, { keys: 'p384', use: 'signature' }],
    [{ generation: 'rsa_sha1' }, { keys: 'rsa2048', use: 'signature' }],
  ];
  const good = await Promise.all(kinds.map(makeCase));
  const [ec, , , rsa] = good;
  if (ec === undefined || rsa === undefined) throw new Error('no case to spoil');
  const [spoiltEc, spoiltRsa] = [spoil(ec), spoil(rsa)];
  const cases = [...good, ...spoiltEc, ...spoiltRsa];
  const there = await checkIn(electron, cases);
  expect(there.electron).not.toBeNull();
  expect(there.results).toEqual(JSON.parse(JSON.stringify(checkRuntime(cases, now))));

  const card = { issuer: 'proven', identity: 'proven', address: 'proven', photo: 'proven', basicKey: 'unchecked' };
  const whole = there.results.slice(0, good.length);
  expect(whole).toMatchObject(good.map(() => ({ card, token: true, chip: true })));
  expect(whole.map((each) => (each as { chain: string[] }).chain.map((one) => one.length > 40))).toEqual([
    [true, false],
    [true, false],
    [false, true],
    [false, true],
  ]);
  for (const result of there.results.slice(good.length, good.length + spoiltEc.length)) expect(result).not.toEqual(whole[0]);
  for (const result of there.results.slice(good.length + spoiltEc.length)) expect(result).not.toEqual(whole[3]);
});

const txId = '019a0000-0000-7000-8000-000000000000';

async function makeCase([cardOptions, chainOptions]: [SampleOptions, ChainOptions]): Promise<RuntimeCase> {
  const [card, chain] = await Promise.all([makeSampleCard(cardOptions), makeSampleChain(chainOptions)]);
  const chip = makeSampleChip();
  return {
    card: { files: encodeFiles(card), photoHash: base64(card.photoHash), dates: card.said.identity },
    roots: [card.root, chain.root],
    chain: { certificate: base64(chain.certificate), issuer: base64(chain.issuer) },
    token: makeToken(chain),
    chip: { evidence: chip.answer(txId), hash: base64(chip.hash), txId },
  };
}

function makeToken(chain: SampleChain): RuntimeCase['token'] {
  const algorithm = chain.key.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES384';
  const claim = { algorithm, origin: 'https://middleware.loket.invalid', nonce: base64(randomBytes(32)) } as const;
  const token = {
    unverifiedCertificate: base64(chain.certificate),
    algorithm,
    signature: base64(signWith(chain, signedBytes(claim))),
    format: webEidFormat,
    appVersion: 'https://loket.invalid/releases/0.1.0',
  } as const;
  return { token, origin: claim.origin, nonce: claim.nonce };
}

function signWith(chain: SampleChain, bytes: Uint8Array): Buffer {
  return sign(hashOf(chain), bytes, { key: chain.key, dsaEncoding: 'ieee-p1363' });
}

const hashOf = ({ key }: SampleChain) => (key.asymmetricKeyType === 'rsa' ? 'sha256' : 'sha384');

/** The same case, each time with one bit of one thing changed. */
function spoil(each: RuntimeCase): RuntimeCase[] {
  const { chain, token, chip } = each;
  return [
    spoilFile(each, 'identity'),
    spoilFile(each, 'identitySignature'),
    spoilFile(each, 'address'),
    spoilFile(each, 'photo'),
    spoilFile(each, 'certificate'),
    { ...each, chain: { ...chain, certificate: flip(chain.certificate) } },
    { ...each, chain: { ...chain, issuer: flip(chain.issuer) } },
    { ...each, token: { ...token, token: { ...token.token, signature: flip(token.token.signature) } } },
    { ...each, chip: { ...chip, evidence: { ...chip.evidence, signature: flip(chip.evidence.signature) } } },
  ];
}

function spoilFile(each: RuntimeCase, file: keyof RuntimeCase['card']['files']): RuntimeCase {
  return { ...each, card: { ...each.card, files: { ...each.card.files, [file]: flip(each.card.files[file]) } } };
}

function encodeFiles({ files }: SampleCard): RuntimeCase['card']['files'] {
  const { identity, identitySignature, address, addressSignature, photo, certificate } = files;
  return {
    identity: base64(identity),
    identitySignature: base64(identitySignature),
    address: base64(address),
    addressSignature: base64(addressSignature),
    photo: base64(photo),
    certificate: base64(certificate),
  };
}

function flip(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  return base64(bytes);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
