import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CardMessage, type CardRequest, type CardState } from '../contract/card.ts';
import { buildVirtualCard, insertCard, makeReader, plugReader, removeCard, setState } from './virtual-card/control.ts';
import { allPersonas, type EidPersona } from './virtual-card/personas.ts';

/** The card reader in a process of its own, through the real pkcs11js and the virtual card's PKCS#11 module. */
type Told = Extract<CardMessage, { tell: 'state' | 'log' }>;
let virtualCard: { module: string; root: string; cards: string };
let folder: string;
let child: ChildProcess | null;
let messages: CardMessage[];

beforeAll(async () => {
  virtualCard = await buildVirtualCard();
}, 120_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-card-'));
  messages = [];
  child = null;
});

afterEach(async () => {
  if (child !== null && child.exitCode === null) {
    child.kill();
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

function start({
  module = virtualCard.module,
  speed = 1,
  pollMs = 20,
  roots = true,
}: {
  module?: string;
  speed?: number;
  pollMs?: number;
  roots?: boolean;
} = {}): void {
  child = fork(join(import.meta.dirname, 'fake-card-process.ts'), {
    env: { ...process.env, LOKET_VIRTUAL_CARD: folder, LOKET_TEST_SPEED: String(speed) },
  });
  child.on('message', (message) => {
    messages.push(CardMessage.parse(message));
    child?.emit('told');
  });
  ask({ ask: 'start', start: { module, testRoots: roots ? [readFileSync(virtualCard.root, 'utf8')] : [], pollMs } });
}

function ask(request: CardRequest): void {
  child?.send(request);
}

const states = (): CardState[] => messages.flatMap((message) => (message.tell === 'state' ? [message.state] : []));
const last = () => states().at(-1);

/** Waits for a message that makes it so; what was told before counts too. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (child === null) throw new Error('nothing was started');
    await once(child, 'told');
  }
}

async function untilState(name: CardState['state']): Promise<void> {
  await until(() => last()?.state === name);
}

function complete(): Extract<CardState, { state: 'complete' }> {
  const state = last();
  if (state?.state !== 'complete') throw new Error(`state is ${state?.state}`);
  return state;
}

function persona(id: string): EidPersona {
  const found = allPersonas.find((each) => each.id === id);
  if (found === undefined || !('identity' in found)) throw new Error(`no such eID: ${id}`);
  return found;
}

const iso = (date: string) => date.split('.').reverse().join('-');

describe('each persona', () => {
  const readable = allPersonas.filter((each): each is EidPersona => each.card === 'eid' && each.id !== 'garbled');

  test.each(readable.map((each) => [each.id, each] as const))('%s is read back exactly as it was made', async (id, made) => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, id);
    start();
    await untilState('complete');
    const { identity, address, photo, proof, evidence } = complete();
    const { altered } = made;
    expect(identity).toMatchObject({
      surname: altered?.field === 'surname' ? altered.to : made.identity.surname,
      firstNames: made.identity.firstNames,
      thirdNameInitial: made.identity.thirdNameInitial,
      nationalNumber: made.identity.nationalNumber,
      birthDate: { original: made.identity.birthDate, year: Number(made.identity.birthDate.slice(-4)) },
      birthPlace: made.identity.birthPlace,
      sex: made.identity.sex === 'M' ? 'male' : 'female',
      nationality: made.identity.nationality,
      nobility: made.identity.nobility,
      documentType: { code: made.identity.documentType, kind: made.kind === 'foreigner' ? 'foreigner' : 'belgian' },
      cardNumber: made.identity.cardNumber,
      validFrom: iso(made.identity.validFrom),
      validUntil: iso(made.identity.validUntil),
      issuingMunicipality: made.identity.issuingMunicipality,
    });
    expect(address).toEqual({
      ...made.address,
      ...(altered?.field === 'streetAndNumber' ? { streetAndNumber: altered.to } : {}),
    });
    expect(photo).toBe(readFileSync(join(virtualCard.cards, id, 'photo')).toString('base64'));
    expect(evidence.identityFile).toBe(readFileSync(join(virtualCard.cards, id, 'identity')).toString('base64'));
    const issuer = made.issuer === 'test' ? 'proven' : 'not_proven';
    expect(proof).toMatchObject({
      issuer,
      identity: issuer === 'proven' && altered?.field !== 'surname' ? 'proven' : 'not_proven',
      address: issuer === 'proven' && altered?.field !== 'streetAndNumber' ? 'proven' : 'not_proven',
    });
  });

  test('with somebody else’s photo on the chip is seen', async () => {
    const cards = join(folder, 'cards');
    cpSync(virtualCard.cards, cards, { recursive: true });
    cpSync(join(cards, 'helene', 'photo'), join(cards, 'lotte', 'photo'));
    makeReader(folder, { pace: 'instant', cards });
    insertCard(folder, 'lotte');
    start();
    await untilState('complete');
    expect(complete().proof).toMatchObject({ issuer: 'proven', identity: 'proven', address: 'proven', photo: 'not_proven' });
  });

  test('without the test root nothing is proven, whoever signed it', async () => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, 'lotte');
    start({ roots: false });
    await untilState('complete');
    expect(complete().proof).toMatchObject({ issuer: 'not_proven', identity: 'not_proven', address: 'not_proven', photo: 'not_proven' });
  });
});

describe('whatever else goes in', () => {
  test('a bank card is no eID, also when the library has stopped saying so', async () => {
    makeReader(folder);
    insertCard(folder, 'bank');
    start();
    await untilState('not_an_eid');
    removeCard(folder);
    await untilState('empty');
    // Three cards are more than the five looks after which the library calls every foreign card "not present".
    for (let card = 0; card < 2; card += 1) {
      insertCard(folder, 'bank');
      await untilState('not_an_eid');
      removeCard(folder);
      await untilState('empty');
    }
    insertCard(folder, 'lotte');
    await untilState('complete');
    expect(complete().identity.surname).toBe(persona('lotte').identity.surname);
  });

  test.each(['garbled', 'worn'])('the %s eID is dirty, and nothing of it is shown', async (id) => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, id);
    start();
    await untilState('upside_down_or_dirty');
    expect(states().some((state) => 'identity' in state)).toBe(false);
    insertCard(folder, 'lotte');
    await untilState('complete');
  });

  test('a card upside down is no card to the library, and harms nobody', async () => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, 'upside-down');
    start();
    await until(() => states().length > 0);
    expect(last()?.state).toBe('empty');
    insertCard(folder, 'lotte');
    await untilState('complete');
  });

  test('a card upside down is said so by releases that answer DEVICE_ERROR to it', async () => {
    makeReader(folder, { pace: 'instant' });
    setState(folder, { mute_error: 1 });
    insertCard(folder, 'upside-down');
    start();
    await untilState('upside_down_or_dirty');
    removeCard(folder);
    await untilState('empty');
    insertCard(folder, 'lotte');
    await untilState('complete');
  });

  test('a foreign card in another reader does not hide an eID', async () => {
    makeReader(folder, { pace: 'instant' });
    setState(folder, { reader: 2, 'card.1': 'lotte', 'insertion.1': 1 });
    insertCard(folder, 'bank');
    start();
    await untilState('complete');
    expect(complete().identity.surname).toBe(persona('lotte').identity.surname);
  });

  test('a thousand looks at a foreign card later, a good card is read', async () => {
    makeReader(folder, { pace: 'instant' });
    // Time runs a hundred times faster: 230 ms a look are 2.3 ms here.
    setState(folder, { foreign_us: 2300, journal: 1 });
    insertCard(folder, 'bank');
    start({ speed: 100, pollMs: 150 });
    const looks = () =>
      readFileSync(join(folder, 'journal'), 'utf8')
        .split('\n')
        .filter((line) => /C_GetSlotInfo|C_GetTokenInfo/.test(line)).length;
    await until(() => existsSync(join(folder, 'journal')) && messages.some((message) => message.tell === 'log') && looks() > 1000);
    insertCard(folder, 'lotte');
    await untilState('complete');
    expect(
      messages.filter((message): message is Told => message.tell === 'log' && message.event === 'library_restarted').length,
    ).toBeGreaterThanOrEqual(9);
  }, 120_000);
});

describe('a pulled card', () => {
  test.each(['instant', 'measured'] as const)('while it is read is gone, and the next person’s is read (%s)', async (pace) => {
    makeReader(folder, { pace });
    // Slow enough to be pulled in the middle of its photo.
    setState(folder, { latency_us: 30_000, ghost_us: pace === 'measured' ? 400_000 : 0 });
    insertCard(folder, 'lotte');
    start();
    await until(() => states().some((state) => state.state === 'identity'));
    removeCard(folder);
    await untilState('empty');
    expect(states().some((state) => state.state === 'complete' || state.state === 'upside_down_or_dirty')).toBe(false);
    messages = [];
    setState(folder, { latency_us: 0 });
    insertCard(folder, 'helene');
    await untilState('complete');
    const surnames = states().flatMap((state) => ('identity' in state ? [state.identity.surname] : []));
    expect(new Set(surnames)).toEqual(new Set([persona('helene').identity.surname]));
    expect(complete().proof).toMatchObject({ issuer: 'proven', identity: 'proven', address: 'proven', photo: 'proven' });
  });

  test('and put back, or swapped, between two polls is another insertion', async () => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, 'lotte');
    start({ pollMs: 300 });
    await untilState('complete');
    const first = complete().insertion;
    insertCard(folder, 'helene');
    await until(() => last()?.state === 'complete' && complete().insertion > first);
    expect(complete().identity.surname).toBe(persona('helene').identity.surname);
    expect(states().some((state) => state.state === 'empty')).toBe(false);
  });
});

describe('readers', () => {
  test('none, one plugged in at run time, unplugged with the card in it, and plugged in again', async () => {
    makeReader(folder, { pace: 'instant' });
    plugReader(folder, false);
    start();
    await untilState('no_reader');
    plugReader(folder, true);
    await untilState('empty');
    insertCard(folder, 'lotte');
    await untilState('complete');
    plugReader(folder, false);
    await untilState('no_reader');
    plugReader(folder, true);
    await untilState('complete');
    expect(complete().insertion).toBe(2);
  });
});

describe('forget and read', () => {
  test('a forgotten card is silent until it is asked for, or another is put in', async () => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, 'lotte');
    start();
    await untilState('complete');
    ask({ ask: 'forget' });
    messages = [];
    ask({ ask: 'read' });
    await untilState('complete');
    ask({ ask: 'forget' });
    messages = [];
    insertCard(folder, 'helene');
    await untilState('complete');
    expect(JSON.stringify(messages)).not.toContain(persona('lotte').identity.surname);
  });

  test('the library is asked for each file once, in the cheap order, and searches are always ended', async () => {
    makeReader(folder, { pace: 'instant' });
    setState(folder, { journal: 1 });
    insertCard(folder, 'lotte');
    start({ pollMs: 5000 });
    await untilState('complete');
    const calls = readFileSync(join(folder, 'journal'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('call '))
      .map((line) => line.slice(5));
    const reading = calls.slice(calls.indexOf('C_OpenSession') + 1).filter((call) => call !== 'C_GetSessionInfo');
    // pkcs11js asks for the length first, so each value is two calls.
    const perFile = ['C_FindObjectsInit', 'C_FindObjects', 'C_FindObjectsFinal', 'C_GetAttributeValue', 'C_GetAttributeValue'];
    expect(reading).toEqual(Array.from({ length: 6 }, () => perFile).flat());
  });
});

describe('the module', () => {
  test('that is not there needs attention', async () => {
    start({ module: join(folder, 'nowhere.so') });
    await untilState('needs_attention');
    expect(last()).toEqual({ state: 'needs_attention', reason: 'module_missing' });
  });

  test('that is no PKCS#11 module needs attention', async () => {
    start({ module: virtualCard.root });
    await untilState('needs_attention');
    expect(last()).toEqual({ state: 'needs_attention', reason: 'module_failed' });
  });

  test('says what it is, once', async () => {
    makeReader(folder, { pace: 'instant' });
    start();
    await untilState('empty');
    const told = messages.filter((message) => message.tell === 'module');
    expect(told).toEqual([{ tell: 'module', path: virtualCard.module, description: expect.any(String) }]);
  });
});
