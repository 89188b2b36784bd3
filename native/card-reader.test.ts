import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CardMessage, type CardState, type LeftCard } from '../contract/card.ts';
import { ok, refuse } from '../contract/result.ts';
import { type CardReader, createCardReader, type LoadRefusal } from './card-reader.ts';
import {
  makeNationalNumber,
  makeSampleCard,
  makeSigner,
  type SampleCard,
  sampleIdentityFields,
  samplePhoto,
} from './eid/fixtures/sample-card.ts';
import { testRoot } from './eid/roots.ts';
import { type FakeCard, type FakeClock, type FakeWorld, makeFakeClock, makeFakeWorld } from './fake-library.ts';
import type { CardFile } from './pkcs11/session.ts';

const pollMs = 150;
let nora: SampleCard;
let emil: SampleCard;
let clock: FakeClock;
let world: FakeWorld;
let messages: CardMessage[];
let refusal: LoadRefusal | null;
let reader: CardReader;
let ended: number;

beforeAll(async () => {
  nora = await makeSampleCard();
  emil = await makeSampleCard({
    identity: { ...sampleIdentityFields, 6: makeNationalNumber('030612', '997', 2000), 7: 'Proefmans', 13: 'M' },
  });
});

beforeEach(() => {
  clock = makeFakeClock();
  world = makeFakeWorld(clock);
  messages = [];
  ended = 0;
  refusal = null;
});

const eid = (card: SampleCard, serial = card === nora ? 'NORA' : 'EMIL'): FakeCard => ({ kind: 'eid', files: { ...card.files }, serial });

function start(interval = pollMs, left: LeftCard | null = null, roots = [testRoot(nora.root), testRoot(emil.root)]): void {
  reader = createCardReader({
    loadModule: () => (refusal === null ? ok({ library: world.library, path: '/fake' }) : refuse(refusal)),
    roots,
    clock,
    pollMs: interval,
    allowDialog: false,
    left,
    // Each message is held against the contract, as main does.
    tell: (message) => messages.push(CardMessage.parse(message)),
    endProcess: () => {
      ended += 1;
    },
  });
  clock.advance(0);
}

const states = (): CardState[] => messages.flatMap((message) => (message.tell === 'state' ? [message.state] : []));
const names = () => states().map((state) => ('insertion' in state ? `${state.state} ${state.insertion}` : state.state));
const last = () => states().at(-1);
const logs = () => messages.flatMap((message) => (message.tell === 'log' ? [message.event] : []));
const surnames = () => states().flatMap((state) => ('identity' in state ? [state.identity.surname] : []));
function forgetTold(): void {
  messages = [];
}

function afterEachRead(look: (file: CardFile, bytes: Buffer) => void): void {
  const open = world.library.openSession;
  world.library.openSession = (slot) => {
    const opened = open(slot);
    if (!opened.ok) return opened;
    const { readFile } = opened.value;
    return ok({
      ...opened.value,
      readFile: (file) => {
        const read = readFile(file);
        if (read.ok && read.value !== null) look(file, read.value);
        return read;
      },
    });
  };
}

describe('an eID', () => {
  test('is told as soon as each thing is known, and then wholly', () => {
    world.readers = [null];
    start();
    world.readers = [eid(nora)];
    clock.advance(pollMs);
    expect(names()).toEqual(['empty', 'reading 1', 'identity 1', 'identity 1', 'complete 1']);
    const [, , early, later, complete] = states();
    expect(early).toMatchObject({
      identity: { surname: 'Vandenhoutte-Proef' },
      address: null,
      proof: { identity: 'unchecked', issuer: 'unchecked' },
    });
    expect(later).toMatchObject({ address: { postalCode: '8500' }, proof: { address: 'unchecked' } });
    expect(complete).toMatchObject({
      address: { municipality: 'Kortrijk' },
      photo: samplePhoto.toString('base64'),
      proof: { identity: 'proven', address: 'proven', photo: 'proven', issuer: 'proven', validity: 'valid' },
      evidence: {
        identityFile: nora.files.identity.toString('base64'),
        identitySignature: nora.files.identitySignature.toString('base64'),
        addressFile: nora.files.address.toString('base64'),
        addressSignature: nora.files.addressSignature.toString('base64'),
        nationalRegisterCertificate: nora.files.certificate.toString('base64'),
      },
      times: { identityMs: 20, photoMs: 100, provenMs: 120 },
    });
  });

  test('that is pulled is gone at the next poll, and its session is given back', () => {
    world.readers = [eid(nora)];
    start();
    expect(world.openSessions).toBe(1);
    world.readers = [null];
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('empty');
    expect(world.openSessions).toBe(0);
  });

  test('swapped between two polls is another insertion, with nothing of the first', () => {
    world.readers = [eid(nora)];
    start();
    forgetTold();
    world.readers = [eid(emil)];
    clock.advance(pollMs);
    expect(names()).toEqual(['reading 2', 'identity 2', 'identity 2', 'complete 2']);
    expect(new Set(surnames())).toEqual(new Set(['Proefmans']));
  });

  test('taken out and put back between two polls is another insertion', () => {
    world.readers = [eid(nora)];
    start();
    forgetTold();
    world.readers = [eid(nora)];
    clock.advance(pollMs);
    expect(names()[0]).toBe('reading 2');
  });

  test('is left in peace while it stays in', () => {
    world.readers = [eid(nora)];
    start();
    forgetTold();
    const { looks } = world;
    clock.advance(60_000);
    expect(messages).toEqual([]);
    expect(world.looks).toBe(looks);
  });
});

describe('a card that is pulled while it is read', () => {
  test.each(['identity', 'identitySignature', 'address', 'addressSignature', 'photo', 'certificate'] as const)(
    'at %s: empty, and the next person is read',
    (at) => {
      world.readers = [null];
      start();
      world.readers = [eid(nora)];
      world.onRead = (file) => {
        if (file === at) world.readers = [null];
        return undefined;
      };
      clock.advance(1500);
      expect(names().at(-1)).toBe('empty');
      expect(names().some((name) => name.startsWith('complete') || name.startsWith('upside'))).toBe(false);
      expect(world.openSessions).toBe(0);
      forgetTold();
      world.onRead = () => undefined;
      world.readers = [eid(emil)];
      clock.advance(pollMs);
      expect(names().at(-1)).toBe('complete 2');
      expect(new Set(surnames())).toEqual(new Set(['Proefmans']));
    },
  );

  test('and found gone by the library is gone at once', () => {
    world.readers = [eid(nora)];
    world.onRead = (file) => {
      if (file !== 'address') return undefined;
      world.readers = [null];
      return 'gone';
    };
    start();
    expect(names()).toEqual(['reading 1', 'identity 1', 'empty']);
  });

  test('after its last file is not told as complete', () => {
    world.readers = [eid(nora)];
    afterEachRead((file) => {
      if (file === 'certificate') world.readers = [null];
    });
    start();
    expect(names()).toEqual(['reading 1', 'identity 1', 'identity 1', 'empty']);
  });

  test('and swapped in the same moment shows nothing of the first with the second', () => {
    world.readers = [eid(nora)];
    world.onRead = (file) => {
      if (file === 'address' && surnames().every((name) => name !== 'Proefmans')) world.readers = [eid(emil)];
      return undefined;
    };
    start();
    clock.advance(1500);
    expect(names()).toEqual(['reading 1', 'identity 1', 'reading 2', 'identity 2', 'identity 2', 'complete 2']);
    expect(surnames()).toEqual(['Vandenhoutte-Proef', 'Proefmans', 'Proefmans', 'Proefmans']);
    expect(last()).toMatchObject({ proof: { identity: 'proven', address: 'proven' } });
  });
});

describe('a card that answers badly', () => {
  test('once, is asked a second time in the same session', () => {
    let failures = 1;
    world.onRead = (file) => (file === 'address' && failures-- > 0 ? 'device_error' : undefined);
    world.readers = [eid(nora)];
    start();
    clock.advance(2000);
    expect(names()).toEqual(['reading 1', 'identity 1', 'identity 1', 'complete 1']);
    expect(logs()).toContain('read_failed');
  });

  test.each(['identity', 'address'] as const)('at its %s every time, is dirty', (file) => {
    world.onRead = (read) => (read === file ? 'device_error' : undefined);
    world.readers = [eid(nora)];
    start();
    clock.advance(2000);
    expect(names().at(-1)).toBe('upside_down_or_dirty 1');
    world.onRead = () => undefined;
    reader.read();
    clock.advance(2000);
    expect(names().at(-1)).toBe('complete 2');
  });

  test.each([
    ['photo', { photo: 'unchecked', identity: 'proven', address: 'proven' }],
    ['identitySignature', { identity: 'unchecked', address: 'unchecked', photo: 'unchecked', issuer: 'proven' }],
    ['certificate', { identity: 'unchecked', address: 'unchecked', photo: 'unchecked', issuer: 'unchecked' }],
  ] as const)('only at its %s is read without it', (file, proof) => {
    world.onRead = (read) => (read === file ? 'device_error' : undefined);
    world.readers = [eid(nora)];
    start();
    clock.advance(2000);
    expect(last()).toMatchObject({ state: 'complete', proof });
    expect(last()).toMatchObject(file === 'photo' ? { photo: null } : { photo: samplePhoto.toString('base64') });
  });

  test.each([
    ['1990-01-01', 'not_yet'],
    ['2051-01-01', 'expired'],
  ] as const)('is proven by a terminal whose clock says %s', (today, validity) => {
    clock.now = () => new Date(today);
    world.readers = [eid(nora)];
    start();
    expect(last()).toMatchObject({ proof: { issuer: 'proven', identity: 'proven', address: 'proven', validity } });
  });

  test('signed by somebody whose time it was not is not proven, and staff can read why', async () => {
    const late = await makeSampleCard({ signer: await makeSigner({ notAfter: '2021-12-31' }) });
    const known = [testRoot(late.root)];
    world.readers = [eid(late)];
    start(pollMs, null, known);
    expect(last()).toMatchObject({ state: 'complete', proof: { issuer: 'other_time', identity: 'not_proven' } });
    expect(logs()).toContain('issuer_other_time');
  });

  test('with a byte too few, or a field twice, is read as far as it goes, never proven, and staff can read why', () => {
    const { identity } = nora.files;
    const twice = Buffer.concat([identity, Buffer.of(0x0b, 1, 65)]);
    for (const [file, flaw] of [
      [identity.subarray(0, -1), 'truncated'],
      [twice, 'repeated_tag'],
    ] as const) {
      clock = makeFakeClock();
      world = makeFakeWorld(clock);
      forgetTold();
      world.readers = [{ kind: 'eid', files: { ...nora.files, identity: file } }];
      start();
      expect(last()).toMatchObject({ state: 'complete', proof: { identity: 'not_proven' }, identity: { nationalNumber: '85043099812' } });
      expect(messages).toContainEqual({ tell: 'log', event: 'file_flawed', detail: `identity ${flaw}` });
    }
  });

  test('with files that cannot be parsed is dirty, and nothing of it is shown', () => {
    world.readers = [{ kind: 'eid', files: { ...nora.files, identity: nora.files.identity.subarray(0, 80) } }];
    start();
    expect(names()).toEqual(['reading 1', 'upside_down_or_dirty 1']);
    expect(logs()).toContain('file_refused');
  });

  test('with a photo that is no JPEG is shown without one', () => {
    world.readers = [{ kind: 'eid', files: { ...nora.files, photo: Buffer.from('<svg onload="x"/>') } }];
    start();
    expect(last()).toMatchObject({ state: 'complete', photo: null, proof: { photo: 'not_proven' } });
  });

  test('with an empty address is complete all the same', () => {
    const { address, ...rest } = nora.files;
    expect(address.length).toBeGreaterThan(0);
    world.readers = [{ kind: 'eid', files: rest }];
    start();
    expect(last()).toMatchObject({ state: 'complete', address: { municipality: '' }, proof: { address: 'unchecked', identity: 'proven' } });
  });

  test('upside down, is said so after a restart of the library did not help, and recovers', () => {
    world.readers = [{ kind: 'mute' }];
    start();
    clock.advance(3 * pollMs);
    expect(names()).toEqual(['upside_down_or_dirty 1']);
    expect(world.restarts).toBe(1);
    world.readers = [null];
    clock.advance(1000);
    world.readers = [eid(nora)];
    clock.advance(1000);
    expect(names().slice(1)).toEqual(['empty', 'reading 2', 'identity 2', 'identity 2', 'complete 2']);
  });
});

describe('a card that is no eID', () => {
  test('is said so at the first look', () => {
    world.readers = [{ kind: 'foreign' }];
    start();
    expect(names()).toEqual(['not_an_eid 1']);
    world.readers = [null];
    clock.advance(2000);
    expect(names().at(-1)).toBe('empty');
  });

  test('a thousand looks later still, and then a good card is read', () => {
    world.readers = [{ kind: 'foreign' }];
    start();
    clock.advance(1000 * 1000);
    expect(world.looks).toBeGreaterThan(1000);
    expect(world.restarts).toBeGreaterThanOrEqual(10);
    expect(names()).toEqual(['not_an_eid 1']);
    world.readers = [eid(nora)];
    clock.advance(2000);
    expect(names().at(-1)).toBe('complete 2');
  });

  test('a thousand of them, each in for a moment, do not use up the library', () => {
    world.readers = [null];
    start();
    for (let turn = 0; turn < 1000; turn += 1) {
      world.readers = [{ kind: 'foreign' }];
      clock.advance(1500);
      world.readers = [null];
      clock.advance(1500);
    }
    expect(names().filter((name) => name.startsWith('not_an_eid')).length).toBe(1000);
    expect(names().some((name) => name.startsWith('upside'))).toBe(false);
    world.readers = [eid(nora)];
    clock.advance(1000);
    expect(names().at(-1)).toBe('complete 1001');
  });

  test('in another reader is looked at after the others, so that an eID does not wait for it', () => {
    world.readers = [{ kind: 'foreign' }, null];
    start(1000);
    world.readers[1] = eid(nora);
    const due = clock.elapsed() + 1000;
    const drawnAt: number[] = [];
    afterEachRead(() => drawnAt.push(clock.elapsed()));
    clock.advance(1000);
    expect(names().at(-1)).toBe('complete 2');
    expect((drawnAt[0] ?? 0) - due).toBeLessThanOrEqual(20);
  });

  test('in another reader does not hide an eID, nor slow it down', () => {
    world.readers = [{ kind: 'foreign' }, null];
    start();
    expect(names()).toEqual(['not_an_eid 1']);
    clock.advance(pollMs);
    world.readers[1] = eid(nora);
    clock.advance(2 * pollMs);
    expect(names().at(-1)).toBe('complete 2');
    expect(last()).toMatchObject({ times: { identityMs: 20 } });
    world.readers[1] = null;
    clock.advance(2000);
    expect(names().at(-1)).toBe('not_an_eid 3');
  });

  test('is looked at less often than an empty reader', () => {
    world.readers = [{ kind: 'foreign' }];
    start();
    const before = world.looks;
    clock.advance(10_000);
    expect(world.looks - before).toBeLessThan(12);
  });
});

describe('readers', () => {
  test('none, one plugged in at run time, and unplugged with the card in it', () => {
    start();
    expect(names()).toEqual(['no_reader']);
    world.readers = [null];
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('empty');
    world.readers = [eid(nora)];
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('complete 1');
    world.readers = [];
    clock.advance(2 * pollMs);
    expect(names().at(-1)).toBe('no_reader');
    expect(world.openSessions).toBe(0);
  });

  test('as many as the library has room for are looked at', () => {
    world.readers = [...Array.from({ length: 9 }, () => null), eid(nora)];
    start();
    expect([names().at(-1), ended]).toEqual(['complete 1', 0]);
  });

  test('more than that end the process, said to staff, and no call is made to the library any more', () => {
    world.readers = Array.from({ length: 11 }, () => eid(nora));
    start();
    expect(states()).toEqual([{ state: 'needs_attention', reason: 'module_failed' }]);
    expect([ended, logs().includes('too_many_readers')]).toEqual([1, true]);
    for (const name of ['listSlots', 'lookAtSlot', 'askToken', 'openSession', 'restart', 'finish'] as const) {
      world.library[name] = () => {
        throw new Error(`${name} was called`);
      };
    }
    reader.read();
    reader.forget(1);
    reader.ask({ ask: 'prepare', id: '00000000-0000-4000-8000-000000000000', insertion: 1, use: 'signature' });
    clock.advance(20_000);
    reader.stop();
    expect([world.openSessions, world.looks, ended]).toEqual([0, 0, 1]);
    expect(messages.at(-1)).toMatchObject({ tell: 'answer', answer: { problem: 'card_gone' } });
  });

  test('that changed leave nothing known of the slots: what was a bank card’s place may be an eID’s', () => {
    // Wherever in the bank card's pause the readers change: at some of these the list is renewed within it.
    let renewed = 0;
    for (let offset = 0; offset < 2_000; offset += 50) {
      clock = makeFakeClock();
      world = makeFakeWorld(clock);
      forgetTold();
      world.readers = [{ kind: 'foreign' }, null];
      start(50);
      clock.advance(5_000 + offset);
      world.readers = [eid(nora)];
      const isRenewed = () => logs().filter((event) => event === 'readers_changed').length > 1;
      while (!isRenewed() && names().at(-1) !== 'complete 2') clock.advance(10);
      expect([offset, names().at(-1)]).toEqual([offset, 'complete 2']);
      renewed += Number(isRenewed());
      reader.stop();
    }
    expect(renewed).toBeGreaterThan(0);
  });

  test('a second eID waits, unseen and at no cost, until the first has left', () => {
    world.readers = [eid(nora), null];
    start();
    world.readers[1] = eid(emil);
    const { looks } = world;
    forgetTold();
    clock.advance(60_000);
    expect([messages, world.looks]).toEqual([[], looks]);
    world.readers[0] = null;
    clock.advance(pollMs);
    expect(names()).toEqual(['reading 2', 'identity 2', 'identity 2', 'complete 2']);
    expect(new Set(surnames())).toEqual(new Set(['Proefmans']));
  });

  test('a second one, plugged in beside an empty one, is found', () => {
    world.readers = [null];
    start();
    world.readers = [null, eid(nora)];
    clock.advance(1500);
    expect(names().at(-1)).toBe('complete 1');
  });
});

describe('forget and read', () => {
  test('a forgotten card is not read again, but its removal is noticed', () => {
    world.readers = [eid(nora)];
    start();
    forgetTold();
    reader.forget(1_000);
    clock.advance(10_000);
    expect(messages).toEqual([]);
    expect(world.openSessions).toBe(1);
    world.readers = [null];
    clock.advance(pollMs);
    expect(names()).toEqual(['empty']);
    world.readers = [eid(nora)];
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('complete 2');
  });

  test('the next person’s card after a forgotten one is read, without a look at the empty reader between', () => {
    world.readers = [eid(nora)];
    start();
    reader.forget(1_000);
    clock.advance(pollMs);
    forgetTold();
    world.readers = [eid(emil)];
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('complete 2');
    expect(new Set(surnames())).toEqual(new Set(['Proefmans']));
  });

  test('a forgotten card that is found again is known by its serial, and not read', () => {
    world.readers = [eid(nora)];
    start();
    reader.forget(1_000);
    forgetTold();
    // The same card, as after a session that failed: the library calls it another insertion.
    world.readers = [eid(nora)];
    clock.advance(10_000);
    expect(states()).toEqual([{ state: 'left_in', insertion: 2, sure: true }]);
    reader.read();
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('complete 3');
  });

  test('a forgotten card that comes back with its reader is not read; after a look at an empty reader it is', () => {
    world.readers = [eid(nora)];
    start();
    world.readers = [];
    clock.advance(5_000);
    expect(names().at(-1)).toBe('no_reader');
    reader.forget(1_000);
    world.readers = [eid(nora)];
    clock.advance(5_000);
    expect(last()).toEqual({ state: 'left_in', insertion: 2, sure: true });
    world.readers = [null];
    clock.advance(pollMs);
    world.readers = [eid(nora)];
    clock.advance(pollMs);
    expect(names().slice(-5)).toEqual(['empty', 'reading 3', 'identity 3', 'identity 3', 'complete 3']);
  });

  test('a card forgotten before its serial was told is still known by it', () => {
    world.readers = [eid(nora)];
    world.onRead = (file) => {
      if (file === 'address') reader.forget(1_000);
      return undefined;
    };
    start();
    clock.advance(pollMs);
    world.readers = [eid(nora)];
    clock.advance(pollMs);
    expect(last()).toEqual({ state: 'left_in', insertion: 2, sure: true });
  });

  test('in the middle of a reading nothing more is told', () => {
    world.readers = [eid(nora)];
    world.onRead = (file) => {
      if (file === 'address') reader.forget(1_000);
      return undefined;
    };
    start();
    clock.advance(0);
    const told = names().length;
    clock.advance(5000);
    expect(names().length).toBe(told);
    expect(names().some((name) => name.startsWith('complete'))).toBe(false);
  });

  test('read reads the card that is in, as a new insertion', () => {
    world.readers = [eid(nora)];
    start();
    reader.forget(1_000);
    clock.advance(pollMs);
    reader.read();
    clock.advance(pollMs);
    expect(names().slice(-4)).toEqual(['reading 2', 'identity 2', 'identity 2', 'complete 2']);
  });

  test('a forget that comes late leaves the next person’s card be', () => {
    world.readers = [eid(nora)];
    clock.advance(0);
    reader.forget(0);
    start();
    expect(names().at(-1)).toBe('complete 1');
    reader.forget(0);
    world.readers = [eid(nora)];
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('complete 2');
  });

  test('forget and read at once read it', () => {
    world.readers = [eid(nora)];
    start();
    reader.forget(1_000);
    reader.read();
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('complete 2');
  });

  test('read without a card says again what there is', () => {
    world.readers = [null];
    start();
    reader.read();
    clock.advance(pollMs);
    expect(names()).toEqual(['empty', 'empty']);
  });

  test('the bytes that held files are overwritten', () => {
    const handed: Buffer[] = [];
    afterEachRead((_, bytes) => handed.push(bytes));
    world.readers = [eid(nora)];
    start();
    expect(handed.length).toBe(6);
    expect(handed.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });
});

describe('a process that follows another', () => {
  test('does not read the card that was left in, and notices when it goes', () => {
    world.readers = [eid(nora)];
    start(pollMs, { serial: 'NORA' });
    clock.advance(10_000);
    expect(messages.filter(({ tell }) => tell === 'state' || tell === 'serial')).toEqual([
      { tell: 'state', state: { state: 'left_in', insertion: 1, sure: true } },
    ]);
    world.readers = [null];
    clock.advance(pollMs);
    expect(names().at(-1)).toBe('empty');
  });

  test('reads another card, and says first that the one left in is out', () => {
    world.readers = [eid(emil)];
    start(pollMs, { serial: 'NORA' });
    clock.advance(pollMs);
    expect(names()).toEqual(['empty', 'reading 1', 'identity 1', 'identity 1', 'complete 1']);
    // From then on the card left in is nobody's concern any more.
    forgetTold();
    world.readers = [eid(emil)];
    clock.advance(pollMs);
    expect(names()).toEqual(['reading 2', 'identity 2', 'identity 2', 'complete 2']);
  });

  test.each([
    ['the card left in had not said its serial', { serial: null }, 'EMIL'],
    ['the card that is in does not say it', { serial: 'NORA' }, ''],
    ['the card that is in says what is no serial', { serial: 'NORA' }, 'a b/c'],
  ])('reads no card that may be the one left in: %s', (_why, left, serial) => {
    world.readers = [eid(emil, serial)];
    start(pollMs, left);
    clock.advance(10_000);
    expect(states()).toEqual([{ state: 'left_in', insertion: 1, sure: false }]);
  });

  test('tells the serial with a card that was read to its end, for the process after it', () => {
    world.readers = [eid(emil)];
    start();
    clock.advance(pollMs);
    expect(messages.filter(({ tell }) => tell === 'serial')).toEqual([{ tell: 'serial', insertion: 1, serial: 'EMIL' }]);
  });
});

describe('the module', () => {
  test('that is refused is said so, and not loaded again and again', () => {
    let loads = 0;
    reader = createCardReader({
      loadModule: () => {
        loads += 1;
        return refuse({ reason: 'module_refused', detail: 'virtual_card' });
      },
      roots: [],
      clock,
      pollMs,
      allowDialog: false,
      left: null,
      tell: (message) => messages.push(CardMessage.parse(message)),
      endProcess: () => {
        ended += 1;
      },
    });
    clock.advance(30_000);
    expect(states()).toEqual([{ state: 'needs_attention', reason: 'module_refused' }]);
    expect(loads).toBe(1);
  });

  test('missing, is said once and looked for again until it is there', () => {
    refusal = { reason: 'module_missing', detail: 'no_standard_path' };
    world.readers = [eid(nora)];
    start();
    clock.advance(20_000);
    expect(names()).toEqual(['needs_attention']);
    expect(logs()).toEqual(['module_missing']);
    refusal = null;
    clock.advance(3000);
    expect(names().at(-1)).toBe('complete 1');
    expect(messages.filter((message) => message.tell === 'module')).toEqual([
      { tell: 'module', path: '/fake', description: 'Fake library 1.0' },
    ]);
  });

  test('that does not start again needs attention, and heals when it does', () => {
    world.readers = [{ kind: 'mute' }];
    world.restartFails = true;
    start();
    clock.advance(2 * pollMs);
    expect(last()).toEqual({ state: 'needs_attention', reason: 'module_failed' });
    world.restartFails = false;
    world.readers = [eid(nora)];
    clock.advance(4000);
    expect(names().at(-1)).toBe('complete 1');
  });

  test('is given back with its session when the process stops', () => {
    world.readers = [eid(nora)];
    start();
    reader.stop();
    expect(world.openSessions).toBe(0);
    const told = messages.length;
    clock.advance(10_000);
    expect(messages.length).toBe(told);
  });
});

test('no log line names anybody', () => {
  world.readers = [eid(nora)];
  world.onRead = (file) => (file === 'photo' ? 'device_error' : undefined);
  start();
  clock.advance(3000);
  const lines = JSON.stringify(messages.filter((message) => message.tell === 'log'));
  expect(lines).not.toMatch(/Vandenhoutte|Liselore|85043099812|Proefstraat/);
  expect(lines).toMatch(/read_failed/);
});
