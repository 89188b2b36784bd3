import { randomUUID, sign as signWith } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CardAnswer, CardMessage } from '../contract/card.ts';
import { ok, refuse } from '../contract/result.ts';
import { type CardReader, createCardReader } from './card-reader.ts';
import { makeSampleCard, makeSampleChip, type SampleCard, sampleIdentityFields } from './eid/fixtures/sample-card.ts';
import { makeSampleChain, type SampleChain } from './eid/fixtures/sample-chain.ts';
import { testRoot } from './eid/roots.ts';
import { signedBytes } from './eid/token.ts';
import { type FakeCard, type FakeClock, type FakeKeys, type FakeWorld, makeFakeClock, makeFakeWorld } from './fake-library.ts';
import type { CardSession, SigningOrder } from './pkcs11/session.ts';

/** What is asked about a card, with a library and a clock in the test's hands. */
const pollMs = 150;
const origin = 'https://loket.example';
const nonce = 'n'.repeat(44);
let sample: SampleCard;
let chain: SampleChain;
let clock: FakeClock;
let world: FakeWorld;
let keys: FakeKeys;
let messages: CardMessage[];
let orders: SigningOrder[];
let reader: CardReader;

beforeAll(async () => {
  [sample, chain] = await Promise.all([makeSampleCard(), makeSampleChain()]);
});

beforeEach(() => {
  clock = makeFakeClock();
  world = makeFakeWorld(clock);
  messages = [];
  orders = [];
  keys = {
    certificates: { Authentication: chain.certificate, Signature: chain.certificate, CA: chain.issuer },
    token: { applet: 0x18, pinpad: false, dialogs: false },
    sign(order) {
      orders.push(order);
      return ok(signWith('sha384', signedBytes({ algorithm: 'ES384', origin, nonce }), { key: chain.key, dsaEncoding: 'ieee-p1363' }));
    },
  };
  world.readers = [card()];
  reader = createCardReader({
    loadModule: () => ok({ library: world.library, path: '/fake' }),
    roots: [testRoot(chain.root), testRoot(sample.root)],
    clock,
    pollMs,
    allowDialog: true,
    left: null,
    tell: (message) => messages.push(CardMessage.parse(message)),
    endProcess: () => undefined,
  });
});

const card = (): FakeCard => ({ kind: 'eid', files: { ...sample.files, pinCounter: Buffer.of(3) }, keys });
const question = { insertion: 1, origin, nonce, txId: '019a0000-0000-7000-8000-000000000000' };

type Asked =
  | { ask: 'sign_in'; pin: string | null }
  | { ask: 'sign'; digest: string; way: 'pinpad' | 'dialog' }
  | { ask: 'prepare'; use: 'authentication' | 'signature' }
  | { ask: 'prove_chip' };
function ask(asked: Asked): string {
  const id = randomUUID();
  reader.ask({ id, ...question, ...asked });
  return id;
}

function answers(id: string): CardAnswer[] {
  return messages.flatMap((message) => (message.tell === 'answer' && message.id === id ? [message.answer] : []));
}

function answerTo(asked: Parameters<typeof ask>[0]): CardAnswer | undefined {
  const id = ask(asked);
  clock.advance(0);
  return answers(id)[0];
}

const problem = (cause: string, triesLeft: number | null = null) => ({ answer: 'problem', problem: cause, triesLeft });
const states = () => messages.flatMap((message) => (message.tell === 'state' ? [message.state.state] : []));

test('a signature that verifies is a token', () => {
  clock.advance(0);
  expect(answerTo({ ask: 'sign_in', pin: '1234' })).toMatchObject({ answer: 'token', token: { algorithm: 'ES384' } });
});

test('a log-in that the library only calls so is none: the signature decides', () => {
  keys.sign = () => ok(Buffer.alloc(96, 1));
  clock.advance(0);
  expect(answerTo({ ask: 'sign_in', pin: '0000' })).toEqual(problem('not_verified'));
});

test.each([
  ['gone', 'login', 'card_gone', null],
  ['not_recognised', 'before', 'card_gone', null],
  ['pin_wrong', 'login', 'wrong_pin', 2],
  ['pin_locked', 'login', 'pin_blocked', 0],
  ['cancelled', 'login', 'cancelled', 3],
  ['pin_refused', 'login', 'failed', 3],
  ['function_failed', 'login', 'failed', 3],
  ['not_logged_in', 'signing', 'not_verified', null],
  ['unsupported', 'signing', 'unsupported', null],
  ['device_error', 'before', 'failed', null],
  ['device_error', 'login', 'answer_lost', null],
  ['other', 'login', 'answer_lost', null],
  ['device_error', 'signing', 'failed', null],
] as const)('%s at %s is told as %s', (fault, at, cause, triesLeft) => {
  keys.sign = () => refuse({ fault, name: `FAKE_${fault}`, at });
  clock.advance(0);
  const id = ask({ ask: 'sign_in', pin: '1234' });
  clock.advance(1000);
  expect(answers(id)).toEqual([problem(cause, triesLeft)]);
});

test('a call cut off by pulling the card is a card that is gone, as soon as that is known', () => {
  keys.sign = () => {
    world.readers = [null];
    return refuse({ fault: 'device_error', name: 'FAKE', at: 'login' });
  };
  clock.advance(0);
  const id = ask({ ask: 'sign_in', pin: '1234' });
  clock.advance(1000);
  expect(answers(id)).toEqual([problem('card_gone')]);
  expect(states().at(-1)).toBe('empty');
});

test('what a card gave that is gone by then is not told', () => {
  const sign = keys.sign;
  keys.sign = (order) => {
    const signed = sign(order);
    world.readers = [null];
    return signed;
  };
  clock.advance(0);
  expect(answerTo({ ask: 'sign_in', pin: '1234' })).toEqual(problem('card_gone'));
});

test('a question is answered while its card is read, and the reading goes on', () => {
  let id = '';
  world.onRead = (file) => {
    if (file === 'addressSignature' && id === '') id = ask({ ask: 'sign_in', pin: '1234' });
    return undefined;
  };
  clock.advance(0);
  expect(answers(id)).toMatchObject([{ answer: 'token' }]);
  expect(states()).toEqual(['reading', 'identity', 'identity', 'complete']);
});

test('a second question while one is being answered is refused', () => {
  keys.sign = () => refuse({ fault: 'device_error', name: 'FAKE', at: 'login' });
  clock.advance(0);
  const first = ask({ ask: 'sign_in', pin: '1234' });
  clock.advance(0);
  const second = ask({ ask: 'sign_in', pin: '1234' });
  clock.advance(1000);
  expect([answers(first), answers(second)]).toEqual([[problem('answer_lost')], [problem('failed')]]);
});

test.each(['forget', 'read', 'stop'] as const)('%s in the middle of a question answers it: its card is gone', (end) => {
  keys.sign = () => refuse({ fault: 'device_error', name: 'FAKE', at: 'login' });
  clock.advance(0);
  const id = ask({ ask: 'sign_in', pin: '1234' });
  clock.advance(0);
  if (end === 'forget') reader.forget(1_000);
  else reader[end]();
  clock.advance(1000);
  expect(answers(id)).toEqual([problem('card_gone')]);
});

test('a question with no card, about an older one, or about one that was forgotten, is about a card that is gone', () => {
  world.readers = [null];
  clock.advance(0);
  expect(answerTo({ ask: 'prepare', use: 'authentication' })).toEqual(problem('card_gone'));
  world.readers = [card()];
  clock.advance(pollMs);
  reader.forget(1_000);
  expect(answerTo({ ask: 'prepare', use: 'authentication' })).toEqual(problem('card_gone'));
  reader.read();
  clock.advance(0);
  expect(answerTo({ ask: 'prepare', use: 'authentication' })).toEqual(problem('card_gone'));
  expect(orders).toEqual([]);
});

/** Sessions as the library gives them, but for what is changed in each. */
function inEachSession(change: (session: CardSession) => Partial<CardSession>): void {
  const open = world.library.openSession;
  world.library.openSession = (slot) => {
    const opened = open(slot);
    return opened.ok ? ok({ ...opened.value, ...change(opened.value) }) : opened;
  };
}

const isOverwritten = (bytes: Buffer) => bytes.every((byte) => byte === 0);

test('a certificate that was read is overwritten when the visit ends', () => {
  const handed: Buffer[] = [];
  inEachSession((session) => ({
    readCertificate(label) {
      const read = session.readCertificate(label);
      if (read.ok && read.value !== null) handed.push(read.value);
      return read;
    },
  }));
  clock.advance(0);
  answerTo({ ask: 'prepare', use: 'authentication' });
  expect([handed.length, handed.some(isOverwritten)]).toEqual([2, false]);
  reader.forget(1_000);
  expect(handed.every(isOverwritten)).toBe(true);
});

test.each<Asked>([{ ask: 'prepare', use: 'authentication' }, { ask: 'prove_chip' }])(
  'the identity file that $ask reads once more is overwritten at once',
  (asked) => {
    const handed: Buffer[] = [];
    clock.advance(0);
    inEachSession((session) => ({
      readFile(file) {
        const read = session.readFile(file);
        if (read.ok && read.value !== null && file === 'identity') handed.push(read.value);
        return read;
      },
    }));
    reader.read();
    clock.advance(0);
    handed.length = 0;
    question.insertion = 2;
    answerTo(asked);
    question.insertion = 1;
    expect([handed.length, handed.every(isOverwritten)]).toEqual([1, true]);
  },
);

test('a chip is not asked, nor accused, by an identity file that nobody could check', async () => {
  const chip = makeSampleChip();
  const { files } = await makeSampleCard({ identity: { ...sampleIdentityFields, 26: chip.hash } });
  world.readers = [{ kind: 'eid', files: { ...files, basicKey: chip.basicKey }, keys }];
  world.onRead = (file) => (file === 'identitySignature' ? 'device_error' : undefined);
  clock.advance(5_000);
  expect(states().at(-1)).toBe('complete');
  expect(answerTo({ ask: 'prove_chip' })).toEqual({ answer: 'chip', outcome: 'unchecked', evidence: null });
  expect(orders).toEqual([]);
});

test('whether a lost answer cost a try is not known, and not told', () => {
  keys.sign = () => refuse({ fault: 'device_error', name: 'FAKE', at: 'login' });
  clock.advance(0);
  const prepare: Asked = { ask: 'prepare', use: 'authentication' };
  expect(answerTo(prepare)).toMatchObject({ triesLeft: 3 });
  const id = ask({ ask: 'sign_in', pin: '1234' });
  clock.advance(1_000);
  expect(answers(id)).toEqual([problem('answer_lost')]);
  expect(answerTo(prepare)).toMatchObject({ triesLeft: null });
});

describe('signing a document', () => {
  const digest = Buffer.alloc(48, 7).toString('base64');
  beforeEach(() => {
    keys.token = { applet: 0x18, pinpad: false, dialogs: true };
    keys.sign = (order) => {
      orders.push(order);
      return ok(Buffer.alloc(96, 1));
    };
  });
  const prepared = () => answerTo({ ask: 'prepare', use: 'signature' });

  test('is not begun with a PIN that is blocked', () => {
    world.readers = [{ kind: 'eid', files: { ...sample.files, pinCounter: Buffer.of(0) }, keys }];
    clock.advance(0);
    expect(answerTo({ ask: 'sign', digest, way: 'dialog' })).toEqual(problem('pin_blocked', 0));
    expect(orders).toEqual([]);
  });

  test('gives what the card made of it, which proves no PIN yet', () => {
    clock.advance(0);
    expect(prepared()).toMatchObject({ triesLeft: 3 });
    expect(answerTo({ ask: 'sign', digest, way: 'dialog' })).toEqual({
      answer: 'signature',
      signature: Buffer.alloc(96, 1).toString('base64'),
    });
    expect(prepared()).toMatchObject({ triesLeft: null });
  });

  test.each([
    ['dialog', null],
    ['pinpad', 2],
  ] as const)('with a wrong PIN in the %s leaves %s tries: a dialog lets people try again by itself', (way, triesLeft) => {
    keys.token = { applet: 0x18, pinpad: way === 'pinpad', dialogs: true };
    keys.sign = () => refuse({ fault: 'pin_wrong', name: 'FAKE', at: 'signing' });
    clock.advance(0);
    expect(answerTo({ ask: 'sign', digest, way })).toEqual(problem('wrong_pin', triesLeft));
  });
});

describe('a card that fails while it is only watched', () => {
  const watched = (fails: (poll: number) => boolean) => {
    let polls = 0;
    inEachSession((session) => ({
      checkPresence() {
        polls += 1;
        return fails(polls) ? refuse({ fault: 'device_error', name: 'FAKE' }) : session.checkPresence();
      },
    }));
    clock.advance(0);
    clock.advance(8 * pollMs);
    return states().filter((state) => state === 'reading').length;
  };

  // The first look is the reading's own, the second asks for `serial`.
  test.each([
    ['twice is let be', (poll: number) => poll === 3 || poll === 4, 1],
    ['twice, and twice again later, is let be', (poll: number) => [3, 4, 6, 7].includes(poll), 1],
    ['three times is opened anew', (poll: number) => poll >= 3 && poll <= 5, 2],
  ] as const)('%s', (_which, fails, readings) => {
    expect(watched(fails)).toBe(readings);
  });
});

test('no PIN, nonce or name is in a log line', () => {
  keys.sign = () => refuse({ fault: 'device_error', name: 'CKR_DEVICE_ERROR', at: 'login' });
  clock.advance(0);
  ask({ ask: 'sign_in', pin: '864209' });
  clock.advance(1000);
  const lines = JSON.stringify(messages.filter((message) => message.tell === 'log'));
  expect(lines).toContain('CKR_DEVICE_ERROR');
  expect(lines).not.toMatch(/864209|nnnn|Vandenhoutte|85043099812/);
});
