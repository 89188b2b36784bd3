import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import { proveCard } from './prove.ts';
import { testRoot } from './roots.ts';
import { makeSampleCard, type SampleCard, type SampleOptions } from './sample-card.ts';

/** Electron brings BoringSSL instead of OpenSSL: the same files must be proven, and refused, by both. */
const electron = join(import.meta.dirname, '../../.cache/electron-33/electron');
const now = new Date('2026-06-15T10:00:00Z');

const script = `
  import { readFileSync } from 'node:fs';
  import { proveCard } from './prove.ts';
  import { pinnedRoots, testRoot } from './roots.ts';
  const cards = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const proofs = cards.map(({ files, photoHash, root }) => {
    const bytes = Object.fromEntries(Object.entries(files).map(([name, value]) => [name, Buffer.from(value, 'base64')]));
    return proveCard(bytes, Buffer.from(photoHash, 'base64'), [...pinnedRoots(), testRoot(root)], new Date('${now.toISOString()}'));
  });
  console.log(JSON.stringify({ electron: process.versions.electron ?? null, proofs }));
`;

async function proveIn(program: string, file: string, data: string): Promise<{ electron: string | null; proofs: unknown[] }> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { stdout } = await promisify(execFile)(program, [file, data], { env });
  return JSON.parse(stdout);
}

test.skipIf(!existsSync(electron))('the test runtime of Electron proves and refuses what Node does', async () => {
  const kinds: SampleOptions[] = [
    { generation: 'ec' },
    { generation: 'ec', photoHash: 'sha1' },
    { generation: 'rsa_sha256' },
    { generation: 'rsa_sha1' },
  ];
  const good = await Promise.all(kinds.map(makeSampleCard));
  const cards = good.flatMap((card) => [card, ...spoil(card)]);
  const folder = mkdtempSync(join(tmpdir(), 'loket-crypto-'));
  try {
    const file = join(folder, 'prove.mjs');
    const data = join(folder, 'cards.json');
    const stdin = { contents: script, resolveDir: import.meta.dirname, loader: 'ts' as const };
    await esbuild.build({ stdin, outfile: file, bundle: true, platform: 'node', format: 'esm', target: 'node20.18' });
    const inBase64 = cards.map(({ files, photoHash, root }) => ({
      files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')])),
      photoHash: photoHash.toString('base64'),
      root,
    }));
    writeFileSync(data, JSON.stringify(inBase64));
    const there = await proveIn(electron, file, data);
    expect(there.electron).not.toBeNull();
    expect(there.proofs).toEqual(cards.map((card) => proveCard(card.files, card.photoHash, [testRoot(card.root)], now)));
    const proven = { issuer: 'proven', identity: 'proven', address: 'proven', photo: 'proven' };
    expect(there.proofs.filter((_, index) => index % 6 === 0)).toEqual([proven, proven, proven, proven]);
    expect(there.proofs.filter((_, index) => index % 6 !== 0)).not.toContainEqual(proven);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function spoil(card: SampleCard): SampleCard[] {
  return (['identity', 'identitySignature', 'address', 'photo', 'certificate'] as const).map((file) => ({
    ...card,
    files: { ...card.files, [file]: card.files[file].map((byte, index) => (index === 60 ? byte ^ 1 : byte)) as Buffer },
  }));
}
