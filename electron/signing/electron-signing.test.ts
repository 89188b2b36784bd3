import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import { testRoot } from '../../native/eid/roots.ts';
import { verifyJades } from '../../native/eid/signed/verify-jades.ts';
import { verifyPades } from '../../native/eid/signed/verify-pades.ts';
import { sampleRequest } from '../testing/sample-request.ts';
import { makeRequestPdf } from './request-pdf.ts';

/** Electron brings BoringSSL instead of OpenSSL, and the app is bundled: what is signed there must verify here. */
const electron = join(import.meta.dirname, '../../.cache/electron-33/electron');

const script = `
  import { makeFakeCitizen } from '../testing/fake-citizen.ts';
  import { signPdf, signText, trust } from '../testing/fake-signing.ts';
  import { makeRequestPdf } from './request-pdf.ts';
  import { sampleRequest } from '../testing/sample-request.ts';
  import { verifyPades } from '../../native/eid/signed/verify-pades.ts';
  const base64 = (bytes) => Buffer.from(bytes).toString('base64');
  const unsigned = base64(await makeRequestPdf(sampleRequest));
  const signed = [];
  for (const algorithm of ['ES384', 'RS256']) {
    const citizen = await makeFakeCitizen({ algorithm });
    const pdf = await signPdf(citizen);
    const spoilt = pdf.map((byte, index) => (index === 300 ? byte ^ 1 : byte));
    const judged = [pdf, spoilt].map((each) => verifyPades(each, trust(citizen)).ok);
    signed.push({ pdf: base64(pdf), jws: signText(citizen, Buffer.from('tekst')), root: citizen.rootPem, judged });
  }
  console.log(JSON.stringify({ electron: process.versions.electron ?? null, unsigned, signed }));
`;

type Told = { electron: string | null; unsigned: string; signed: { pdf: string; jws: string; root: string; judged: boolean[] }[] };

async function runThere(): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'loket-signing-'));
  try {
    const outfile = join(folder, 'sign.mjs');
    const banner =
      "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);";
    const stdin = { contents: script, resolveDir: import.meta.dirname, loader: 'ts' as const };
    await esbuild.build({
      stdin,
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.18',
      banner: { js: banner },
    });
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const { stdout } = await promisify(execFile)(electron, [outfile], { env, maxBuffer: 10_000_000 });
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.skipIf(!existsSync(electron))(
  'what the bundled app signs in the test runtime of Electron verifies in Node',
  async () => {
    const { electron: version, unsigned, signed } = await runThere();
    expect(version).not.toBeNull();
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(Buffer.from(unsigned, 'base64'))).toBe(sha256(await makeRequestPdf(sampleRequest)));
    expect(signed.map(({ judged }) => judged)).toEqual([
      [true, false],
      [true, false],
    ]);
    for (const { pdf, jws, root } of signed) {
      const trusted = { roots: [testRoot(root)], now: new Date('2026-06-16T00:00:00Z') };
      expect(verifyPades(Buffer.from(pdf, 'base64'), trusted).ok).toBe(true);
      expect(verifyJades(jws, Buffer.from('tekst'), trusted).ok).toBe(true);
    }
  },
  120_000,
);
