import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { PublicJwk } from '../../contract/key-set.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { type OpenOutbox, type OutboxOptions, openOutbox } from '../outbox/open-outbox.ts';
import type { ReceivedRun } from '../outbox/outbox.ts';
import type { Signer } from '../outbox/room.ts';
import { ada } from './people.ts';

/** A terminal with a key of its own, as enrolment gives it. */
export function makeSigner(terminal = 'kiosk-2'): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    terminal,
    publicJwk: publicKey.export({ format: 'jwk' }) as PublicJwk,
    sign: (bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

export function makeSealKey(id = 'seal-1'): { id: string; jwk: PublicJwk } {
  return { id, jwk: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as PublicJwk };
}

const sealKey = makeSealKey();

/** An outbox in `folder` that behaves as on a kiosk with room enough. */
export function openTestOutbox(folder: string, options: Partial<OutboxOptions> & { identity: Signer }): OpenOutbox {
  const usual = { folder, sealKey: () => sealKey, clock: systemClock, reserveMebibytes: 0, keepDays: 30 };
  return openOutbox({ ...usual, ...options });
}

/** A made-up transaction, the same for the same number. `bytes`: about how large. */
export function makeContent(number: number, bytes = 0): TransactionContent {
  const hash = createHash('sha256').update(String(number)).digest('hex');
  const digits = [...hash.toUpperCase()].filter((letter) => /[0-9A-F]/.test(letter)).join('');
  return {
    txId: `01936f5e-${hash.slice(0, 4)}-7000-8000-${String(number).padStart(12, '0')}`,
    reference: `KTR-${digits.slice(0, 4)}-${digits.slice(4, 8)}`,
    product: 'main-residence-certificate',
    form: { id: 'main-residence-certificate', version: 1 },
    municipalityCode: '34022',
    language: 'nl',
    trust: 'card_read',
    provisional: true,
    person: { surname: ada.surname, nationalNumber: ada.nationalNumber },
    answers: { purpose: 'x'.repeat(bytes) },
    proof: null,
    evidence: null,
    attachments: [],
    openedAt: '2026-11-20T10:00:00.000Z',
    submittedAt: '2026-11-20T10:01:00.000Z',
  };
}

/** A clock that stands still until it is moved. */
export function makeClock(wall = '2026-11-22T10:00:00.000Z'): Clock & { moveWall(ms: number): void; moveTicks(ms: number): void } {
  let at = Date.parse(wall);
  let ticks = 0;
  return {
    wall: () => new Date(at),
    ticks: () => ticks,
    moveWall: (ms) => {
      at += ms;
    },
    moveTicks: (ms) => {
      ticks += ms;
    },
  };
}

/** A whole delivery's, each with a path of its own. */
export const makeRun = (numbers: readonly number[]): ReceivedRun => {
  const { proof, ...receipt } = makeReceipt();
  return { txIds: numbers.map((number) => makeContent(number).txId), receipt: { ...receipt, proofs: { each: numbers.map(() => proof) } } };
};

/** A receipt as sync hands it over, after it has verified it. */
export const makeReceipt = (receivedAt = '2026-11-22T10:00:00.000Z') => ({
  proof: { index: 0, path: [] },
  head: 'a.receipt.jws',
  held: false,
  receivedAt,
});
