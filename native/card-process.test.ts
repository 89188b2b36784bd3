import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CardMessage, LeftCard } from '../contract/card.ts';
import { type FakeParent, startFakeParent } from './fake-parent.ts';
import { buildVirtualCard } from './virtual-card/control.ts';
import { allPersonas } from './virtual-card/personas.ts';
import {
  insertCard,
  makeReader,
  plugReader,
  plugReaders,
  readCounters,
  readJournal,
  removeCard,
  setState,
  swapCard,
} from './virtual-card/reader.ts';

/** The card reader in a process of its own, through the real pkcs11js and the virtual card's PKCS#11 module. */
let virtualCard: { module: string; root: string; cards: string };
let folder: string;
let parent: FakeParent;

beforeAll(async () => {
  virtualCard = await buildVirtualCard();
}, 120_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-card-'));
});

afterEach(async () => {
  await parent.kill();
  rmSync(folder, { recursive: true, force: true });
});

type Start = { module?: string; speed?: number; pollMs?: number; allowVirtualCard?: boolean; left?: LeftCard };

function start({ module = virtualCard.module, speed = 1, pollMs = 20, allowVirtualCard = true, left }: Start = {}): void {
  const testRoots = [readFileSync(virtualCard.root, 'utf8')];
  parent = startFakeParent(
    { module, testRoots, pollMs, allowVirtualCard, allowDialog: false },
    { reader: folder, speed, ...(left && { left }) },
  );
}

const logged = (event: string) =>
  parent.messages.filter((each): each is Extract<CardMessage, { tell: 'log' }> => each.tell === 'log' && each.event === event);

function surnameOf(id: string): string {
  const found = allPersonas.find((each) => each.id === id);
  if (found === undefined || !('identity' in found)) throw new Error(`no such eID: ${id}`);
  return found.identity.surname;
}

describe('a process that follows another', () => {
  const told = () => parent.messages.flatMap((each) => (each.tell === 'serial' ? [each.serial] : []));

  test('knows the card that was left in by the serial that it told, reads nothing of it, and reads the next one', async () => {
    makeReader(folder, { pace: 'instant' });
    setState(folder, { journal: 1 });
    insertCard(folder, 'lotte');
    start();
    await parent.until(() => told().length > 0);
    const [serial] = told();
    expect(parent.complete().identity.chipNumber.toUpperCase().slice(-16)).toBe(serial);
    await parent.kill();
    const before = readJournal(folder).length;
    start({ left: { serial: serial ?? null } });
    await parent.until(() => parent.states().length > 0);
    expect(parent.states()).toEqual([{ state: 'left_in', insertion: 1, sure: true }]);
    const since = () => readJournal(folder).slice(before);
    await vi.waitUntil(() => since().filter((line) => line === 'call C_GetSessionInfo').length > 3, { timeout: 20_000 });
    expect(since().filter((line) => line.startsWith('read '))).toEqual([]);
    swapCard(folder, 'helene');
    await parent.untilState('complete');
    expect(parent.complete().identity.surname).toBe(surnameOf('helene'));
    expect(parent.states().map(({ state }) => state)).toEqual(['left_in', 'empty', 'reading', 'identity', 'identity', 'complete']);
  });
});

describe('whatever else goes in', () => {
  test('a bank card is no eID, also when the library has stopped saying so', async () => {
    makeReader(folder);
    insertCard(folder, 'bank');
    start();
    await parent.untilState('not_an_eid');
    removeCard(folder);
    await parent.untilState('empty');
    // Three cards are more than the five looks after which the library calls every foreign card "not present".
    for (let card = 0; card < 2; card += 1) {
      insertCard(folder, 'bank');
      await parent.untilState('not_an_eid');
      removeCard(folder);
      await parent.untilState('empty');
    }
    insertCard(folder, 'lotte');
    await parent.untilState('complete');
    expect(parent.complete().identity.surname).toBe(surnameOf('lotte'));
  });

  test.each(['garbled', 'worn'])('the %s eID is dirty, and nothing of it is shown', async (id) => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, id);
    start();
    await parent.untilState('upside_down_or_dirty');
    expect(parent.states().some((state) => 'identity' in state)).toBe(false);
    insertCard(folder, 'lotte');
    await parent.untilState('complete');
  });

  test('a card upside down is no card to the library, and harms nobody', async () => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, 'upside-down');
    start();
    await parent.until(() => parent.states().length > 0);
    expect(parent.last()?.state).toBe('empty');
    insertCard(folder, 'lotte');
    await parent.untilState('complete');
  });

  test('a card upside down is said so by releases that answer DEVICE_ERROR to it', async () => {
    makeReader(folder, { pace: 'instant' });
    setState(folder, { mute_error: 1 });
    insertCard(folder, 'upside-down');
    start();
    await parent.untilState('upside_down_or_dirty');
    removeCard(folder);
    await parent.untilState('empty');
    insertCard(folder, 'lotte');
    await parent.untilState('complete');
  });

  test('a foreign card in another reader does not hide an eID', async () => {
    makeReader(folder, { pace: 'instant' });
    plugReaders(folder, 2);
    insertCard(folder, 'bank');
    insertCard(folder, 'lotte', 1);
    start();
    await parent.untilState('complete');
    expect(parent.complete().identity.surname).toBe(surnameOf('lotte'));
  });

  test('a thousand looks at a foreign card later, a good card is read', async () => {
    makeReader(folder, { pace: 'instant' });
    // Time runs a hundred times faster: 230 ms a look are 2.3 ms here.
    setState(folder, { foreign_us: 2300, journal: 1 });
    insertCard(folder, 'bank');
    start({ speed: 100, pollMs: 150 });
    const looks = () => readJournal(folder).filter((line) => /C_GetSlotInfo|C_GetTokenInfo/.test(line)).length;
    await parent.until(() => logged('library_restarted').length >= 10);
    expect(looks()).toBeGreaterThanOrEqual(1000);
    insertCard(folder, 'lotte');
    await parent.untilState('complete');
  }, 120_000);

  test('hundreds of foreign cards later, each named, a good card is read', async () => {
    makeReader(folder, { pace: 'instant' });
    setState(folder, { foreign_us: 2300 });
    start({ speed: 100, pollMs: 150 });
    for (let card = 0; card < 250; card += 1) {
      insertCard(folder, card % 2 === 0 ? 'bank' : 'library');
      await parent.untilState('not_an_eid');
      removeCard(folder);
      await parent.untilState('empty');
    }
    insertCard(folder, 'lotte');
    await parent.untilState('complete');
    expect(parent.states().filter(({ state }) => state === 'not_an_eid')).toHaveLength(250);
  }, 120_000);

  test('a bank card in the place of an eID is named at the next look', async () => {
    makeReader(folder, { pace: 'measured' });
    setState(folder, { journal: 1 });
    insertCard(folder, 'lotte');
    start({ pollMs: 300 });
    await parent.untilState('complete');
    const before = readJournal(folder).filter((line) => line === 'call C_GetSessionInfo').length;
    swapCard(folder, 'bank');
    await parent.untilState('not_an_eid');
    // The poll that meets the bank card may be preceded by one that was due before it went in.
    expect(readJournal(folder).filter((line) => line === 'call C_GetSessionInfo').length - before).toBeLessThanOrEqual(2);
    expect(readCounters(folder, parent.pid)).toMatchObject({ sessions: 0, searches: 0 });
  });
});

describe('a pulled card', () => {
  test.each(['instant', 'measured'] as const)('while it is read is gone, and the next person’s is read (%s)', async (pace) => {
    makeReader(folder, { pace });
    // Slow enough to be pulled in the middle of its photo.
    setState(folder, { latency_us: 30_000, ghost_us: pace === 'measured' ? 400_000 : 0 });
    insertCard(folder, 'lotte');
    start();
    await parent.until(() => parent.states().some((state) => state.state === 'identity'));
    removeCard(folder);
    await parent.untilState('empty');
    expect(parent.states().some((state) => state.state === 'complete' || state.state === 'upside_down_or_dirty')).toBe(false);
    parent.messages = [];
    setState(folder, { latency_us: 0 });
    insertCard(folder, 'helene');
    await parent.untilState('complete');
    const surnames = parent.states().flatMap((state) => ('identity' in state ? [state.identity.surname] : []));
    expect(new Set(surnames)).toEqual(new Set([surnameOf('helene')]));
    expect(parent.complete().proof).toMatchObject({ issuer: 'proven', identity: 'proven', address: 'proven', photo: 'proven' });
  });

  test('and put back, or swapped, between two polls is another insertion', async () => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, 'lotte');
    start({ pollMs: 300 });
    await parent.untilState('complete');
    const first = parent.complete().insertion;
    insertCard(folder, 'helene');
    await parent.until(() => parent.last()?.state === 'complete' && parent.complete().insertion > first);
    expect(parent.complete().identity.surname).toBe(surnameOf('helene'));
    expect(parent.states().some((state) => state.state === 'empty')).toBe(false);
  });
});

describe('readers', () => {
  test('none, one plugged in at run time, unplugged with the card in it, and plugged in again', async () => {
    makeReader(folder, { pace: 'instant' });
    plugReader(folder, false);
    start();
    await parent.untilState('no_reader');
    plugReader(folder, true);
    await parent.untilState('empty');
    insertCard(folder, 'lotte');
    await parent.untilState('complete');
    plugReader(folder, false);
    await parent.untilState('no_reader');
    plugReader(folder, true);
    await parent.untilState('complete');
    expect(parent.complete().insertion).toBe(2);
  });

  test('a second eID waits in its reader until the first has left, and is a new insertion then', async () => {
    makeReader(folder, { pace: 'instant' });
    plugReaders(folder, 2);
    insertCard(folder, 'lotte');
    start();
    await parent.untilState('complete');
    insertCard(folder, 'helene', 1);
    const told = parent.states().length;
    await parent.until(() => parent.messages.some((message) => message.tell === 'alive'));
    expect(parent.states()).toHaveLength(told);
    removeCard(folder, 0);
    await parent.until(() => parent.last()?.state === 'complete' && parent.complete().insertion === 2);
    expect(parent.complete().identity.surname).toBe(surnameOf('helene'));
    expect(parent.states().some(({ state }) => state === 'empty')).toBe(false);
  });

  test('coming and going beside a card that is held do not disturb it, and what is held is given back', async () => {
    makeReader(folder, { pace: 'instant' });
    plugReaders(folder, 2);
    insertCard(folder, 'lotte');
    start();
    await parent.untilState('complete');
    plugReaders(folder, 1);
    plugReaders(folder, 3);
    expect(await parent.ask({ ask: 'prepare', insertion: 1, use: 'authentication' })).toMatchObject({ answer: 'prepared' });
    removeCard(folder);
    await parent.untilState('empty');
    insertCard(folder, 'helene', 2);
    await parent.untilState('complete');
    removeCard(folder, 2);
    await parent.untilState('empty');
    expect(readCounters(folder, parent.pid)).toMatchObject({ sessions: 0, searches: 0 });
  });
});

describe('forget and read', () => {
  test('a forgotten card is silent until it is asked for, or another is put in', async () => {
    makeReader(folder, { pace: 'instant' });
    insertCard(folder, 'lotte');
    start();
    await parent.untilState('complete');
    parent.send({ ask: 'forget', insertion: 1_000_000 });
    parent.messages = [];
    parent.send({ ask: 'read' });
    await parent.untilState('complete');
    parent.send({ ask: 'forget', insertion: 1_000_000 });
    parent.messages = [];
    insertCard(folder, 'helene');
    await parent.untilState('complete');
    expect(JSON.stringify(parent.messages)).not.toContain(surnameOf('lotte'));
  });

  test('the library is asked for each file once, in the cheap order, and searches are always ended', async () => {
    makeReader(folder, { pace: 'instant' });
    setState(folder, { journal: 1 });
    insertCard(folder, 'lotte');
    start({ pollMs: 5000 });
    await parent.untilState('complete');
    const calls = readJournal(folder)
      .filter((line) => line.startsWith('call '))
      .map((line) => line.slice(5));
    // pkcs11js asks for the length of each value first: with its read that is one.
    const counted = calls.slice(calls.indexOf('C_OpenSession') + 1).filter((call) => !call.endsWith(' length'));
    const perFile = ['C_FindObjectsInit', 'C_FindObjects', 'C_FindObjectsFinal', 'C_GetAttributeValue'];
    expect(counted.slice(0, 24)).toEqual(Array.from({ length: 6 }, () => perFile).flat());
    // After the last byte: how a PIN can be given, and whether the card is still in.
    expect(counted.slice(24)).toEqual(['C_GetTokenInfo', 'C_GetSessionInfo']);
  });
});

describe('the module', () => {
  test('that is not there needs attention', async () => {
    start({ module: join(folder, 'nowhere.so') });
    await parent.untilState('needs_attention');
    expect(parent.last()).toEqual({ state: 'needs_attention', reason: 'module_missing' });
  });

  test('that is no PKCS#11 module needs attention', async () => {
    start({ module: virtualCard.root });
    await parent.untilState('needs_attention');
    expect(parent.last()).toEqual({ state: 'needs_attention', reason: 'module_failed' });
  });

  test('says what it is, once', async () => {
    makeReader(folder, { pace: 'instant' });
    start();
    await parent.untilState('empty');
    const told = parent.messages.filter((message) => message.tell === 'module');
    expect(told).toEqual([{ tell: 'module', path: virtualCard.module, description: expect.any(String) }]);
  });

  test('that is a virtual card is refused by a product, and not called again', async () => {
    makeReader(folder, { pace: 'instant' });
    setState(folder, { journal: 1 });
    insertCard(folder, 'lotte');
    start({ allowVirtualCard: false });
    await parent.untilState('needs_attention');
    expect(parent.last()).toEqual({ state: 'needs_attention', reason: 'module_refused' });
    expect(parent.messages.some((message) => message.tell === 'module')).toBe(false);
    expect(readJournal(folder).filter((line) => line.startsWith('call'))).toEqual(['call C_Initialize', 'call C_Finalize']);
  });
});
