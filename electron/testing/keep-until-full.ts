import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { systemClock as clock } from '../clock.ts';
import { openOutbox } from '../outbox/outbox.ts';
import { createSeal } from '../outbox/seal.ts';

/** Run on a very small disk: keeps until the disk is full, frees some room, keeps again. Prints what happened. */
const folder = process.argv[2];
if (!folder) throw new Error('usage: keep-until-full.ts FOLDER');
mkdirSync(folder, { recursive: true });
const ballast = join(folder, 'ballast');
writeFileSync(ballast, Buffer.alloc(256 * 1024, 1));

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const { publicKey } = await suite.kem.generateKeyPair();
const seal = createSeal({ id: 'k1', jwk: { ...(await crypto.subtle.exportKey('jwk', publicKey)) } });
const outbox = openOutbox({ file: join(folder, 'outbox.db'), terminal: 'kiosk-2', seal, clock });

let number = 0;
async function keepOne() {
  number += 1;
  const id = String(number).padStart(12, '0');
  return outbox.keep({
    txId: `01936f5e-0000-7000-8000-${id}`,
    reference: `KTR-0000-${id.slice(-4)}`,
    product: 'street-defect',
    form: { id: 'street-defect', version: 1 },
    municipalityCode: '34022',
    language: 'nl',
    trust: 'anonymous',
    provisional: true,
    person: null,
    answers: { place: 'x'.repeat(2000) },
    proof: null,
    evidence: null,
    openedAt: '2026-11-20T10:00:00.000Z',
    submittedAt: '2026-11-20T10:01:00.000Z',
  });
}

let kept = 0;
let refusal = '';
while (refusal === '' && number < 5000) {
  const result = await keepOne();
  if (result.ok) kept += 1;
  else refusal = result.error;
}
const waitingWhenFull = outbox.countWaiting();
const probeWhenFull = outbox.probe();
rmSync(ballast);
const probeAfterRoom = outbox.probe();
const afterRoom = await keepOne();
const waiting = outbox.waiting({ records: 10_000, bytes: 1e9 });
const dense = waiting.every((entry, index) => entry.sequence === index + 1);
outbox.close();
process.stdout.write(
  `${JSON.stringify({ kept, refusal, probeWhenFull, probeAfterRoom, waitingWhenFull, afterRoom: afterRoom.ok, waiting: waiting.length, dense })}\n`,
);
