import type { CardState, KeyUse, PinWay } from '../contract/card.ts';
import type { CardAddress, CardEvidence, Proof } from '../contract/identity.ts';
import { ok, type Result, refuse } from '../contract/result.ts';
import type { Clock } from './clock.ts';
import { parseAddressFile } from './eid/address-file.ts';
import { type IdentityFile, parseIdentityFile } from './eid/identity-file.ts';
import { asJpeg, inBase64 } from './eid/photo.ts';
import { type CardFiles, judgeValidity, nothingProven, proveCard } from './eid/prove.ts';
import type { Root } from './eid/roots.ts';
import { findTlvFlaws } from './eid/tlv.ts';
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

type Person = IdentityFile & { validity: Proof['validity']; identityMs: number };

function* readFiles(parts: ReadingParts, files: Map<CardFile, Buffer | null>): Generator<ReadingStep, ReadingEnd> {
  const { insertion } = parts;
  let person: Person | null = null;
  let address: CardAddress | null = null;
  let photoMs: number | null = null;

  for (const file of filesInReadingOrder) {
    const read = yield* readPatiently(parts, file);
    if (!read.ok) return read.error;
    files.set(file, read.value);
    if (file === 'photo') photoMs = read.value === null ? null : passed(parts);
    if (file === 'identity') {
      person = understandPerson(parts, read.value ?? nothing);
      if (person === null) return 'unreadable';
    }
    if (file === 'address') {
      address = understandAddress(parts, read.value ?? nothing);
      if (address === null) return 'unreadable';
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
  return yield* complete(parts, files, { person, address, photoMs });
}

function* complete(
  parts: ReadingParts,
  files: ReadonlyMap<CardFile, Buffer | null>,
  { person, address, photoMs }: { person: Person; address: CardAddress; photoMs: number | null },
): Generator<ReadingStep, ReadingEnd> {
  const { session, insertion, roots } = parts;
  const raw = {
    identity: files.get('identity') ?? nothing,
    identitySignature: files.get('identitySignature') ?? null,
    address: files.get('address') ?? null,
    addressSignature: files.get('addressSignature') ?? null,
    photo: files.get('photo') ?? null,
    certificate: files.get('certificate') ?? null,
  };
  const { identity, validity, identityMs } = person;
  const proof = { ...proveCard(raw, person, roots), validity };
  if (proof.issuer === 'other_time') parts.log('issuer_other_time', 'register certificate');
  const photo = asJpeg(raw.photo);
  const evidence = asEvidence(raw);
  const ways = readWays(parts);
  // Somebody may have pulled the card while the last file was being read from the library's cache. After the last byte, so
  // it keeps nothing waiting; it is the first poll of the card that is watched from here on.
  const still = session.checkPresence();
  if (!still.ok && still.error.fault === 'gone') return 'gone';
  const times = { identityMs, provenMs: passed(parts), photoMs };
  yield { state: { state: 'complete', insertion, identity, address, photo, proof, evidence, ways, times } };
  return 'complete';
}

function understandPerson(parts: ReadingParts, file: Uint8Array): Person | null {
  for (const flaw of findTlvFlaws(file)) parts.log('file_flawed', `identity ${flaw}`);
  const parsed = parseIdentityFile(file);
  if (parsed.ok) return { ...parsed.value, validity: judgeValidity(parsed.value.identity, parts.clock.now()), identityMs: passed(parts) };
  parts.log('file_refused', `identity ${parsed.error}`);
  return null;
}

function understandAddress(parts: ReadingParts, file: Uint8Array): CardAddress | null {
  for (const flaw of findTlvFlaws(file)) parts.log('file_flawed', `address ${flaw}`);
  const parsed = parseAddressFile(file);
  if (parsed.ok) return parsed.value;
  parts.log('file_refused', `address ${parsed.error}`);
  return null;
}

function passed({ clock, since }: ReadingParts): number {
  return clock.elapsed() - since;
}

function asEvidence(raw: CardFiles): CardEvidence {
  const given = (bytes: Uint8Array | null) => inBase64(bytes ?? nothing);
  return {
    identityFile: given(raw.identity),
    identitySignature: given(raw.identitySignature),
    addressFile: given(raw.address),
    addressSignature: given(raw.addressSignature),
    nationalRegisterCertificate: given(raw.certificate),
  };
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
