import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pkcs11js from 'pkcs11js';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { withReader } from './checks/with-reader.ts';
import { buildVirtualCard, insertCard, plugReader, readState, removeCard, setState } from './control.ts';

const CKR_DEVICE_ERROR = 0x30;
const CKR_DEVICE_REMOVED = 0x32;
const CKR_TOKEN_NOT_PRESENT = 0xe0;
const CKR_TOKEN_NOT_RECOGNIZED = 0xe1;

const emptyFlags = 6;
const presentFlags = 7;

const dataOnly = { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA };
const identityFile = [dataOnly, { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from('id') }];
const photoFile = [dataOnly, { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from('photo') }];

beforeAll(async () => {
  await buildVirtualCard();
});

describe('slots', () => {
  test('the module says that it is no real one', () =>
    withReader(async ({ module }) => {
      const info = await module.call('C_GetInfo');
      expect(info.manufacturerID.trim()).toBe('Loket demo and test');
      expect(info.cryptokiVersion).toEqual({ major: 2, minor: 40 });
    }));

  test('an empty reader: flags 6, no token, and no waiting for events', () =>
    withReader(async ({ module }) => {
      const slot = await module.slot();
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(emptyFlags);
      expect(await module.code('C_GetTokenInfo', slot)).toBe(CKR_TOKEN_NOT_PRESENT);
      expect(await module.code('C_OpenSession', slot, pkcs11js.CKF_SERIAL_SESSION)).toBe(CKR_TOKEN_NOT_PRESENT);
      expect(await module.call('C_GetSlotList', true)).toHaveLength(0);
      expect(await module.code('C_WaitForSlotEvent', pkcs11js.CKF_DONT_BLOCK)).toBe(pkcs11js.CKR_FUNCTION_NOT_SUPPORTED);
    }));

  test('an eID: what the token says of itself, by generation and by build', () =>
    withReader(async ({ module, reader, cards }) => {
      const slot = await module.slot();
      insertCard(reader, 'lotte');
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(presentFlags);
      expect(await module.call('C_GetSlotList', true)).toHaveLength(1);
      const newer = await module.call('C_GetTokenInfo', slot);
      expect(newer.firmwareVersion.major).toBe(0x18);
      const chip = readFileSync(path.join(cards, 'lotte/identity')).subarray(20, 36);
      expect(newer.serialNumber).toBe(chip.toString('hex').toUpperCase().slice(-16));
      expect(newer.flags).toBe(0x40a);
      expect([newer.minPinLen, newer.maxPinLen]).toEqual([4, 12]);
      setState(reader, { dialogs: 0 });
      expect((await module.call('C_GetTokenInfo', slot)).flags).toBe(0x40e);
      insertCard(reader, 'expired');
      expect((await module.call('C_GetTokenInfo', slot)).firmwareVersion.major).toBe(0x17);
    }));

  test('readers come and go only for C_GetSlotList', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'lotte');
      const session = await module.session(slot);
      plugReader(reader, false);
      expect(await module.code('C_GetSlotInfo', slot)).toBe(CKR_DEVICE_ERROR);
      expect(await module.call('C_GetSlotList', false)).toHaveLength(0);
      expect(await module.code('C_GetSlotInfo', slot)).toBe(pkcs11js.CKR_SLOT_ID_INVALID);
      plugReader(reader, true);
      expect(await module.code('C_GetSlotInfo', slot)).toBe(pkcs11js.CKR_SLOT_ID_INVALID);
      expect(await module.call('C_GetSlotList', false)).toHaveLength(1);
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(presentFlags);
      expect(await module.code('C_FindObjectsInit', session, [dataOnly])).toBe(CKR_DEVICE_REMOVED);
    }));

  test('no control folder is no reader', async () => {
    const { module: file } = await buildVirtualCard();
    const { openModule } = await import('./checks/open-module.ts');
    const module = await openModule(file, '/nonexistent');
    expect(await module.call('C_GetSlotList', false)).toHaveLength(0);
    await module.close();
  });
});

describe('cards that are no eID', () => {
  test('a foreign card looks like an empty slot, but for C_GetTokenInfo, five times in a process', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'bank');
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(emptyFlags);
      expect(await module.call('C_GetSlotList', true)).toHaveLength(1);
      // pkcs11js asks for the list twice: those were looks two and three.
      expect(await module.code('C_GetTokenInfo', slot)).toBe(CKR_TOKEN_NOT_RECOGNIZED);
      expect(await module.code('C_OpenSession', slot, pkcs11js.CKF_SERIAL_SESSION)).toBe(CKR_TOKEN_NOT_RECOGNIZED);
      expect(await module.code('C_GetTokenInfo', slot)).toBe(CKR_TOKEN_NOT_PRESENT);
      expect(await module.call('C_GetSlotList', true)).toHaveLength(0);
      // For the rest of the process: another one, and a fresh start of the library, change nothing.
      insertCard(reader, 'bank');
      expect(await module.code('C_GetTokenInfo', slot)).toBe(CKR_TOKEN_NOT_PRESENT);
      await module.call('C_Finalize');
      await module.call('C_Initialize', { flags: pkcs11js.CKF_OS_LOCKING_OK });
      expect(await module.code('C_GetTokenInfo', await module.slot())).toBe(CKR_TOKEN_NOT_PRESENT);
      insertCard(reader, 'lotte');
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(presentFlags);
    }));

  test('after 206 looks everything is a device error, eIDs included, until the library starts again', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'bank');
      const codes: number[] = [];
      for (let look = 1; look <= 206; look += 1) codes.push(await module.code('C_GetTokenInfo', slot));
      expect(codes.indexOf(CKR_DEVICE_ERROR)).toBe(205);
      insertCard(reader, 'lotte');
      expect(await module.code('C_GetTokenInfo', slot)).toBe(CKR_DEVICE_ERROR);
      expect(await module.code('C_GetSlotInfo', slot)).toBe(CKR_DEVICE_ERROR);
      await module.call('C_Finalize');
      await module.call('C_Initialize', { flags: pkcs11js.CKF_OS_LOCKING_OK });
      expect(await module.code('C_GetTokenInfo', await module.slot())).toBe(0);
    }));

  test('a card that does not answer is no card', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'upside-down');
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(emptyFlags);
      expect(await module.code('C_GetTokenInfo', slot)).toBe(CKR_TOKEN_NOT_PRESENT);
      // Older releases did not swallow it.
      setState(reader, { mute_error: 1 });
      expect(await module.code('C_GetSlotInfo', slot)).toBe(CKR_DEVICE_ERROR);
      expect(await module.code('C_GetTokenInfo', slot)).toBe(CKR_DEVICE_ERROR);
    }));

  test('a worn eID is recognised, and every file is a device error', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'worn');
      expect(await module.code('C_GetTokenInfo', slot)).toBe(0);
      const session = await module.session(slot);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_ERROR);
    }));
});

describe('removal', () => {
  test('idle: no token, and the old session is dead for ever, also after reinsertion', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'lotte');
      const session = await module.session(slot);
      await module.find(session, identityFile);
      removeCard(reader);
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(emptyFlags);
      expect(await module.code('C_GetTokenInfo', slot)).toBe(CKR_TOKEN_NOT_PRESENT);
      expect(await module.code('C_OpenSession', slot, pkcs11js.CKF_SERIAL_SESSION)).toBe(CKR_TOKEN_NOT_PRESENT);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
      insertCard(reader, 'lotte');
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
      expect(await module.find(await module.session(slot), identityFile)).toHaveLength(20);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
    }));

  test('a card swapped between two calls never mixes two people', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'lotte');
      const session = await module.session(slot);
      const [object] = await module.find(session, identityFile);
      if (object === undefined) throw new Error('nothing found');
      insertCard(reader, 'helene');
      expect(await module.code('C_GetAttributeValue', session, object, [{ type: pkcs11js.CKA_VALUE }])).toBe(CKR_DEVICE_REMOVED);
      // The same card, out and in again, is another insertion all the same.
      const again = await module.session(slot);
      insertCard(reader, 'helene');
      expect(await module.code('C_FindObjectsInit', again, identityFile)).toBe(CKR_DEVICE_REMOVED);
    }));

  test('in mid-read: a device error, the search stays active, the card counts as present a little longer', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'lotte');
      const session = await module.session(slot);
      await module.find(session, identityFile);
      setState(reader, { journal: 1, latency_us: 2_000_000, ghost_us: 60_000_000 });
      const reading = module.code('C_FindObjectsInit', session, photoFile);
      // The card is pulled once the photo is being read: it would take half a minute.
      const journal = path.join(reader, 'journal');
      await vi.waitUntil(() => existsSync(journal) && readFileSync(journal, 'utf8').includes('read photo'), { timeout: 20_000 });
      removeCard(reader);
      expect(await reading).toBe(CKR_DEVICE_ERROR);
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(presentFlags);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(pkcs11js.CKR_OPERATION_ACTIVE);
      expect(await module.code('C_FindObjectsFinal', session)).toBe(0);
      expect(await module.code('C_FindObjectsInit', session, photoFile)).toBe(CKR_DEVICE_ERROR);
      // Seen as another insertion, the ghost is over at once.
      insertCard(reader, 'helene');
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
    }));

  test('a search that failed stays active until it is ended', () =>
    withReader(async ({ module, reader }) => {
      insertCard(reader, 'worn');
      const session = await module.session(await module.slot());
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_ERROR);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(pkcs11js.CKR_OPERATION_ACTIVE);
      expect(await module.code('C_FindObjectsFinal', session)).toBe(0);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_ERROR);
    }));

  test('a handle closed twice: OK, and its sibling has lost the card', () =>
    withReader(async ({ module, reader }) => {
      insertCard(reader, 'lotte');
      const slot = await module.slot();
      const first = await module.session(slot);
      const second = await module.session(slot);
      await module.call('C_CloseSession', first);
      await module.find(second, identityFile);
      expect(await module.code('C_CloseSession', first)).toBe(0);
      expect(await module.code('C_FindObjectsInit', second, identityFile)).toBe(CKR_DEVICE_REMOVED);
    }));
});

describe('the control folder', () => {
  test('insertions count up, a persona must exist', () =>
    withReader(async ({ reader }) => {
      expect(readState(reader)).toMatchObject({ plugged: true, card: null, insertion: 0 });
      insertCard(reader, 'lotte');
      insertCard(reader, 'helene');
      expect(readState(reader)).toMatchObject({ card: 'helene', insertion: 2 });
      removeCard(reader);
      expect(readState(reader)).toMatchObject({ card: null, insertion: 2 });
      expect(() => insertCard(reader, 'nobody')).toThrow('no such persona');
    }));
});
