import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CardAnswer } from '../contract/card.ts';
import { verifyToken } from './eid/token.ts';
import { type FakeParent, startFakeParent } from './fake-parent.ts';
import { buildVirtualCard } from './virtual-card/control.ts';
import {
  insertCard,
  makeReader,
  pressKeys,
  readCounters,
  readJournal,
  readState,
  removeCard,
  setDialogs,
  setPinpad,
  setState,
  swapCard,
} from './virtual-card/reader.ts';

/** What is asked about a card, through the real pkcs11js and the virtual card's module. */
let virtualCard: { module: string; root: string };
let folder: string;
let parent: FakeParent;
const origin = 'https://loket.example';
const nonce = randomBytes(32).toString('base64');

let startedWith: boolean | null = null;
/** Lines of the journal before the card of this test was read. */
let mark = 0;

beforeAll(async () => {
  virtualCard = await buildVirtualCard();
  folder = mkdtempSync(join(tmpdir(), 'loket-card-'));
}, 120_000);

afterAll(async () => {
  await parent.kill();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  makeReader(folder, { pace: 'instant' });
  setState(folder, { journal: 1 });
});

/** One process serves all tests that want the same of it: each begins with an empty reader, set back. */
async function insert(card: string, { allowDialog = false } = {}): Promise<void> {
  if (startedWith === allowDialog) {
    parent.messages = [];
    parent.send({ ask: 'read' });
  } else {
    if (startedWith !== null) await parent.kill();
    startedWith = allowDialog;
    const testRoots = [readFileSync(virtualCard.root, 'utf8')];
    const start = { module: virtualCard.module, testRoots, pollMs: 20, allowVirtualCard: true, allowDialog };
    parent = startFakeParent(start, { reader: folder });
  }
  await parent.untilState('empty');
  insertCard(folder, card);
  await parent.untilState('complete');
  mark = readJournal(folder).length;
}

const insertion = () => parent.complete().insertion;
const signIn = (pin: string | null, of = insertion()) => parent.ask({ ask: 'sign_in', insertion: of, origin, nonce, pin });
const prepare = (use: 'authentication' | 'signature') => parent.ask({ ask: 'prepare', insertion: insertion(), use });
const sign = (digest: Buffer, way: 'pinpad' | 'dialog') =>
  parent.ask({ ask: 'sign', insertion: insertion(), digest: digest.toString('base64'), way });
const problem = (cause: string, triesLeft: number | null = null) => ({ answer: 'problem', problem: cause, triesLeft });
const journal = () => readJournal(folder).slice(mark);
const calls = (name: string) => journal().filter((line) => line === `call ${name}`).length;

function isToken(answer: CardAnswer): boolean {
  return answer.answer === 'token' && verifyToken({ token: answer.token, origin, nonce });
}

async function certificateOf(use: 'authentication' | 'signature'): Promise<X509Certificate> {
  const prepared = await prepare(use);
  if (prepared.answer !== 'prepared') throw new Error(prepared.answer);
  return new X509Certificate(Buffer.from(prepared.certificate, 'base64'));
}

/** Nothing may be left open: one session holds the card, no search, and nobody is logged in. */
function expectNothingLeft(): void {
  expect(readCounters(folder, parent.pid)).toMatchObject({ sessions: 1, searches: 0 });
}

describe('prepare', () => {
  test.each([
    ['lotte', 'ES384', 3],
    ['robrecht', 'RS256', null],
  ] as const)('%s: certificate and issuer chain to the root; %s; tries as far as the card tells', async (card, algorithm, triesLeft) => {
    await insert(card);
    expect(parent.complete().ways).toEqual({ authentication: ['pin_view'], signature: [] });
    expect(await prepare('authentication')).toMatchObject({ chain: 'proven', algorithm, ways: ['pin_view'], triesLeft });
    expect(await prepare('signature')).toMatchObject({ chain: 'proven', algorithm, ways: [] });
    expectNothingLeft();
  });

  test('reads the one certificate by its label and its issuer, once, and no file twice', async () => {
    await insert('lotte');
    await prepare('authentication');
    await prepare('authentication');
    const reads = journal().filter((line) => line.startsWith('read '));
    expect(new Set(reads).size).toBe(reads.length);
    expect(reads.some((line) => /identity|address|photo/.test(line))).toBe(false);
  });

  test('says that a Kids-ID without certificates has none, though its keys are listed', async () => {
    await insert('finn');
    expect(await prepare('authentication')).toEqual(problem('no_certificate'));
    expect(await signIn('1234')).toEqual(problem('no_certificate'));
    expect(calls('C_Login')).toBe(0);
  });

  test('does not believe an issuer that no pinned root made', async () => {
    await insert('stranger');
    expect(await prepare('authentication')).toMatchObject({ answer: 'prepared', chain: 'not_proven' });
  });

  test.each([
    ['the reader has keys', true, 'unanswered', true, { authentication: ['pinpad'], signature: ['pinpad'] }],
    ['a dialog may appear', false, 'answered', true, { authentication: ['pin_view'], signature: ['dialog'] }],
    ['a dialog may not appear here', false, 'answered', false, { authentication: ['pin_view'], signature: [] }],
    ['the module has no dialog', false, 'none', true, { authentication: ['pin_view'], signature: [] }],
  ] as const)('offers the ways there are when %s', async (_when, pinpad, dialogs, allowDialog, ways) => {
    setPinpad(folder, pinpad);
    setDialogs(folder, dialogs);
    await insert('lotte', { allowDialog });
    expect(parent.complete().ways).toEqual(ways);
    expect(await prepare('signature')).toMatchObject({ ways: ways.signature });
  });
});

describe('signing in', () => {
  test.each(['lotte', 'robrecht', 'rozemarijn', 'ilinca', 'noor'])('%s gets a token that verifies, and is logged out', async (card) => {
    await insert(card);
    expect(isToken(await signIn('1234'))).toBe(true);
    expect(calls('C_Login')).toBe(1);
    expectNothingLeft();
    // The PIN counts for this one signature: without it the card refuses the next.
    expect(await signIn('0000')).toMatchObject(problem('wrong_pin', 2));
  });

  test('counts the wrong entries down, which the library does not, and a right one sets them back', async () => {
    await insert('lotte');
    expect(await signIn('1111')).toEqual(problem('wrong_pin', 2));
    expect(await prepare('authentication')).toMatchObject({ triesLeft: 2 });
    expect(isToken(await signIn('1234'))).toBe(true);
    expect(await signIn('1111')).toEqual(problem('wrong_pin', 2));
    expect(await signIn('1111')).toEqual(problem('wrong_pin', 1));
    expect(await signIn('1111')).toEqual(problem('pin_blocked', 0));
    const logins = calls('C_Login');
    expect(await signIn('1234')).toEqual(problem('pin_blocked', 0));
    expect(calls('C_Login')).toBe(logins);
    expectNothingLeft();
  });

  test('counts on from what the card says, when it is read once more', async () => {
    await insert('lotte');
    expect(await signIn('1111')).toEqual(problem('wrong_pin', 2));
    const before = insertion();
    parent.send({ ask: 'read' });
    await parent.until(() => parent.last()?.state === 'complete' && insertion() > before);
    expect(await prepare('authentication')).toMatchObject({ triesLeft: 2 });
    expect(await signIn('1111')).toEqual(problem('wrong_pin', 1));
  });

  test('on a 1.7 card says nothing of tries that it cannot know', async () => {
    await insert('robrecht');
    expect(await signIn('1111')).toEqual(problem('wrong_pin'));
    expect(isToken(await signIn('1234'))).toBe(true);
    expect(await signIn('1111')).toEqual(problem('wrong_pin', 2));
  });

  test('with a card that was blocked before says so without asking it', async () => {
    await insert('blocked');
    expect(await prepare('authentication')).toMatchObject({ triesLeft: 0 });
    expect(await signIn('1234')).toEqual(problem('pin_blocked', 0));
    expect(calls('C_Login')).toBe(0);
  });

  test.each([
    ['right', 'token'],
    ['wrong', 'wrong_pin'],
    ['cancel', 'cancelled'],
  ] as const)('on the pinpad: %s keys', async (keys, outcome) => {
    setPinpad(folder, true);
    await insert('lotte');
    const asked = signIn(null);
    await waitForKeys();
    pressKeys(folder, keys);
    const answer = await asked;
    expect(answer.answer === 'problem' ? answer.problem : answer.answer).toBe(outcome);
    expect(calls('C_Login')).toBe(1);
    expectNothingLeft();
  });

  test('without a PIN where the reader has no keys opens no dialog', async () => {
    setDialogs(folder, 'answered');
    await insert('lotte', { allowDialog: true });
    expect(await signIn(null)).toEqual(problem('no_way'));
    expect(calls('C_Login')).toBe(0);
  });

  test('of an older insertion is of a card that is gone', async () => {
    await insert('lotte');
    const older = insertion();
    parent.send({ ask: 'read' });
    await parent.until(() => parent.last()?.state === 'complete' && insertion() > older);
    expect(await signIn('1234', older)).toEqual(problem('card_gone'));
    expect(await signIn('1234', older + 2)).toEqual(problem('card_gone'));
    expect(calls('C_Login')).toBe(0);
  });

  test('after the visit ended is of a card that is gone', async () => {
    await insert('lotte');
    parent.send({ ask: 'forget', insertion: 1_000_000 });
    expect(await signIn('1234')).toEqual(problem('card_gone'));
    expect(calls('C_Login')).toBe(0);
  });
});

async function waitForKeys(): Promise<void> {
  while (!journal().some((line) => line.startsWith('wait '))) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a card in the place of another', () => {
  test('whose holder types anything is not signed in as the first one, nor at all', async () => {
    await insert('lotte');
    const first = insertion();
    expect(isToken(await signIn('1234'))).toBe(true);
    swapCard(folder, 'helene');
    expect(await signIn('0000', first)).toEqual(problem('card_gone'));
    await parent.until(() => parent.last()?.state === 'complete' && insertion() > first);
    expect(await signIn('0000')).toEqual(problem('wrong_pin', 2));
    expect(isToken(await signIn('1234'))).toBe(true);
    removeCard(folder);
    await parent.untilState('empty');
    expect(readCounters(folder, parent.pid)).toMatchObject({ sessions: 0, searches: 0 });
  });
});

describe('signing a document', () => {
  const shown = 'what was shown';
  const hash = (algorithm: string) => createHash(algorithm).update(shown).digest();

  test.each([
    ['lotte', 'sha384'],
    ['robrecht', 'sha256'],
  ] as const)('%s on the pinpad', async (card, algorithm) => {
    setPinpad(folder, true);
    await insert(card);
    const certificate = await certificateOf('signature');
    const asked = sign(hash(algorithm), 'pinpad');
    await waitForKeys();
    pressKeys(folder, 'right');
    const answer = await asked;
    if (answer.answer !== 'signature') throw new Error(JSON.stringify(answer));
    const key = { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' as const };
    expect(verify(algorithm, Buffer.from(shown), key, Buffer.from(answer.signature, 'base64'))).toBe(true);
    expectNothingLeft();
  });

  test('in the module’s dialog, where that may appear', async () => {
    setDialogs(folder, 'answered');
    await insert('lotte', { allowDialog: true });
    const asked = sign(hash('sha384'), 'dialog');
    await waitForKeys();
    pressKeys(folder, 'right');
    expect(await asked).toMatchObject({ answer: 'signature' });
  });

  test('wrong keys are counted on the pinpad; how many were wrong in a dialog is not known', async () => {
    setPinpad(folder, true);
    await insert('lotte');
    const onPinpad = sign(hash('sha384'), 'pinpad');
    await waitForKeys();
    pressKeys(folder, 'wrong');
    expect(await onPinpad).toEqual(problem('wrong_pin', 2));
  });

  test.each([
    ['pinpad', 'unanswered', false],
    ['dialog', 'none', true],
    ['dialog', 'answered', false],
  ] as const)('by %s with %s dialogs is no way (allowed here: %s), and nothing is asked of the card', async (way, dialogs, allowDialog) => {
    setDialogs(folder, dialogs);
    await insert('lotte', { allowDialog });
    expect(await sign(hash('sha384'), way)).toEqual(problem('no_way'));
    expect(calls('C_SignInit')).toBe(0);
  });

  test('of another length than the card’s algorithm has is unsupported', async () => {
    setPinpad(folder, true);
    await insert('lotte');
    expect(await sign(hash('sha256'), 'pinpad')).toEqual(problem('unsupported'));
    expect(calls('C_SignInit')).toBe(0);
  });
});

test('the certificate of another person than the card names proves nothing', async () => {
  const cards = join(folder, 'mixed');
  cpSync(readState(folder).keys.cards ?? '', cards, { recursive: true });
  for (const file of ['auth-cert', 'auth-key']) cpSync(join(cards, 'helene', file), join(cards, 'lotte', file));
  setState(folder, { cards });
  await insert('lotte');
  expect(await parent.ask({ ask: 'prepare', insertion: insertion(), use: 'authentication' })).toMatchObject({ chain: 'not_proven' });
});

describe('the chip', () => {
  const [txId, another] = ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
  const prove = (of = txId) => parent.ask({ ask: 'prove_chip', insertion: insertion(), txId: of });

  test('is challenged once for a transaction, and leaves no operation open', async () => {
    await insert('lotte');
    const first = await prove();
    expect(first).toMatchObject({ answer: 'chip', outcome: 'proven' });
    expect(await prove()).toEqual(first);
    expect(calls('C_Sign')).toBe(1);
    const second = await prove(another);
    expect(second).toMatchObject({ answer: 'chip', outcome: 'proven' });
    expect(second).not.toEqual(first);
    expect(calls('C_Sign')).toBe(2);
    expectNothingLeft();
    expect(isToken(await signIn('1234'))).toBe(true);
  });

  test('of a copied card does not answer as the one that was signed for', async () => {
    await insert('wannes-clone');
    expect(await prove()).toMatchObject({ answer: 'chip', outcome: 'not_proven' });
  });

  test('whose key is not the one in the identity file is not challenged at all', async () => {
    await insert('wannes-chip');
    expect(await prove()).toEqual({ answer: 'chip', outcome: 'not_proven', evidence: null });
    expect(calls('C_Sign')).toBe(0);
  });

  test('is not proven by an identity file that is not', async () => {
    await insert('wannes-id');
    expect(await prove()).toEqual({ answer: 'chip', outcome: 'not_proven', evidence: null });
    expect(calls('C_Sign')).toBe(0);
  });

  test('of an older card has no such key', async () => {
    await insert('robrecht');
    expect(await prove()).toEqual({ answer: 'chip', outcome: 'unchecked', evidence: null });
    expect(calls('C_Sign')).toBe(0);
  });

  test('that claims to be too old for the key its files name, or has lost it, is not the one they were made for', async () => {
    const cards = join(folder, 'altered');
    cpSync(readState(folder).keys.cards ?? '', cards, { recursive: true });
    writeFileSync(join(cards, 'lotte/card'), readFileSync(join(cards, 'lotte/card'), 'utf8').replace('applet 18', 'applet 17'));
    rmSync(join(cards, 'helene/basic-key'));
    setState(folder, { cards });
    await insert('lotte');
    expect(await prove()).toMatchObject({ outcome: 'not_proven' });
    removeCard(folder);
    await insert('helene');
    // A file that the chip should have and does not give: the library calls that a fault of the card.
    expect(await prove()).toEqual(problem('failed'));
  });

  test('asked while its card is still being read, waits until that is proven', async () => {
    await insert('lotte');
    setState(folder, { latency_us: 20_000 });
    swapCard(folder, 'helene');
    await parent.untilState('identity');
    const state = parent.last();
    if (state === undefined || !('insertion' in state)) throw new Error('no card');
    expect(await parent.ask({ ask: 'prove_chip', insertion: state.insertion, txId })).toMatchObject({ outcome: 'proven' });
    expect(parent.last()?.state).toBe('complete');
  });
});
