import type { CardState, KeyUse, PinWay } from '../contract/card.ts';
import type { CardAddress, Identity, Proof } from '../contract/identity.ts';
import { ok, type Result, refuse } from '../contract/result.ts';
import type { Clock } from './clock.ts';
import { parseAddressFile } from './eid/address-file.ts';
import { parseIdentityFile } from './eid/identity-file.ts';
import { asJpeg, inBase64 } from './eid/photo.ts';
import { judgeValidity, nothingProven, proveCard } from './eid/prove.ts';
import type { Root } from './eid/roots.ts';
import { type CardFile, type CardSession, filesInReadingOrder } from './pkcs11/session.ts';
import { type CardKnowledge, knowToken } from './questions/card-knowledge.ts';
import { waysToGivePin } from './questions/pin-ways.ts';
import { type Pause, settle } from './settle.ts';

export type ReadingParts = {
  session: CardSession;
  insertion: number;
  /** When the card was first seen, in the clock's milliseconds. */
  since: number;
  roots: readonly Root[];
  clock: Clock;
  knowledge: CardKnowledge;
  allowDialog: boolean;
  log(event: string, detail: string): void;
};

export type ReadingStep = { state: CardState } | Pause;
export type ReadingEnd = 'complete' | 'gone' | 'unreadable';

const nothing = new Uint8Array(0);

/**
 * Reads one card from its open session, as steps: whoever drives it lets messages in between two files, so that who the
 * card says is drawn before its photo is read. Left half-way or ended, it keeps no bytes of the card.
 */
export function* readCard(parts: ReadingParts): Generator<ReadingStep, ReadingEnd> {
  const files = new Map<CardFile, Buffer | null>();
  try {
    return yield* readFiles(parts, files);
  } finally {
    for (const bytes of files.values()) bytes?.fill(0);
  }
}

function* readFiles(parts: ReadingParts, files: Map<CardFile, Buffer | null>): Generator<ReadingStep, ReadingEnd> {
  const { session, insertion, since, roots, clock } = parts;
  const passed = () => clock.elapsed() - since;
  let person: { identity: Identity; photoHash: Uint8Array; validity: Proof['validity']; identityMs: number } | null = null;
  let address: CardAddress | null = null;
  let photoMs: number | null = null;

  for (const file of filesInReadingOrder) {
    const read = yield* readPatiently(parts, file);
    if (!read.ok) return read.error;
    files.set(file, read.value);
    if (file === 'photo') photoMs = read.value === null ? null : passed();
    if (file === 'identity') {
      const parsed = parseIdentityFile(read.value ?? nothing);
      if (!parsed.ok) return refuseFile(parts, file, parsed.error);
      person = { ...parsed.value, validity: judgeValidity(parsed.value.identity, clock.now()), identityMs: passed() };
    }
    if (file === 'address') {
      const parsed = parseAddressFile(read.value ?? nothing);
      if (!parsed.ok) return refuseFile(parts, file, parsed.error);
      address = parsed.value;
    }
    if (person !== null && (file === 'identity' || file === 'address')) {
      const { identity, identityMs, validity } = person;
      const times = { identityMs, provenMs: null, photoMs: null };
      yield { state: { state: 'identity', insertion, identity, address, proof: { ...nothingProven, validity }, times } };
    } else {
      yield { pause: false };
    }
  }
  if (person === null || address === null) return 'unreadable';

  const photo = asJpeg(files.get('photo') ?? null);
  const raw = {
    identity: files.get('identity') ?? nothing,
    identitySignature: files.get('identitySignature') ?? null,
    address: files.get('address') ?? null,
    addressSignature: files.get('addressSignature') ?? null,
    photo: files.get('photo') ?? null,
    certificate: files.get('certificate') ?? null,
  };
  const { identity, photoHash, validity, identityMs } = person;
  const proof = { ...proveCard(raw, photoHash, roots, clock.now()), validity };
  const evidence = {
    identityFile: inBase64(raw.identity),
    identitySignature: inBase64(raw.identitySignature ?? nothing),
    addressFile: inBase64(raw.address ?? nothing),
    addressSignature: inBase64(raw.addressSignature ?? nothing),
    nationalRegisterCertificate: inBase64(raw.certificate ?? nothing),
  };
  const ways = readWays(parts);
  // Somebody may have pulled the card while the last file was being read from the library's cache. After the last byte, so
  // it keeps nothing waiting; it is the first poll of the card that is watched from here on.
  const still = session.checkPresence();
  if (!still.ok && still.error.fault === 'gone') return 'gone';
  const times = { identityMs, provenMs: passed(), photoMs };
  yield { state: { state: 'complete', insertion, identity, address, photo, proof, evidence, ways, times } };
  return 'complete';
}

/**
 * One file, with one second try in the same session, which cannot become another card's (it would answer `gone`). Without
 * its identity or address a card is unreadable; without any other file it is only less proven, so that is null.
 */
function* readPatiently(parts: ReadingParts, file: CardFile): Generator<ReadingStep, Result<Buffer | null, 'gone' | 'unreadable'>> {
  const { session, log } = parts;
  const first = session.readFile(file);
  if (first.ok) return ok(first.value);
  log('read_failed', `${file} ${first.error.name}`);
  if (first.error.fault === 'gone') return refuse('gone');

  if ((yield* settle(parts)) === 'gone') return refuse('gone');
  const second = session.readFile(file);
  if (second.ok) return ok(second.value);
  log('read_failed_again', `${file} ${second.error.name}`);
  if (second.error.fault === 'gone') return refuse('gone');
  return file === 'identity' || file === 'address' || !session.checkPresence().ok ? refuse('unreadable') : ok(null);
}

/** A token that does not say offers no way. */
function readWays({ session, knowledge, allowDialog }: ReadingParts): { authentication: PinWay[]; signature: PinWay[] } {
  const token = knowToken(knowledge, session);
  const waysFor = (use: KeyUse) => (token.ok ? waysToGivePin(use, token.value, allowDialog) : []);
  return { authentication: waysFor('authentication'), signature: waysFor('signature') };
}

function refuseFile(parts: ReadingParts, file: CardFile, reason: string): ReadingEnd {
  parts.log('file_refused', `${file} ${reason}`);
  return 'unreadable';
}
