import pkcs11js, { type Handle } from 'pkcs11js';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { OpenModule } from './checks/open-module.ts';
import { withReader } from './checks/with-reader.ts';
import { buildVirtualCard, insertCard, readFault, readJournal, readState, removeCard, setFault, setState } from './control.ts';

const CKR_DEVICE_ERROR = 0x30;
const CKR_DEVICE_REMOVED = 0x32;
const identityFile = [
  { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
  { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from('id') },
];

beforeAll(async () => {
  await buildVirtualCard();
});

async function openCard(module: OpenModule, reader: string, persona = 'lotte'): Promise<Handle> {
  insertCard(reader, persona);
  return await module.session(await module.slot());
}

describe('faults', () => {
  test('happen once, at the call that was asked for, whichever process makes it', () =>
    withReader(async ({ module, reader, another }) => {
      const session = await openCard(module, reader);
      const slot = await module.slot();
      const other = await another();
      await other.slot();
      setFault(reader, { kind: 'device_error', atCall: 4 });
      expect(await module.code('C_GetSlotInfo', slot)).toBe(0);
      expect(await other.code('C_GetSlotInfo', slot)).toBe(0);
      expect(await module.code('C_GetTokenInfo', slot)).toBe(0);
      expect(readFault(reader)).toEqual({ kind: 'device_error', atCall: 1 });
      expect(await other.code('C_GetSlotInfo', slot)).toBe(CKR_DEVICE_ERROR);
      expect(readFault(reader)).toBeNull();
      expect(await other.code('C_GetSlotInfo', slot)).toBe(0);
      expect(await module.find(session, identityFile)).toHaveLength(20);
    }));

  test('a count of many digits comes down to the call', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      setFault(reader, { kind: 'device_error', atCall: 102 });
      const codes: number[] = [];
      for (let call = 1; call <= 103; call += 1) codes.push(await module.code('C_GetSlotInfo', slot));
      expect([codes.indexOf(CKR_DEVICE_ERROR), codes.lastIndexOf(CKR_DEVICE_ERROR)]).toEqual([101, 101]);
    }));

  test('a later one takes the place of one that still waits; null takes it away', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      setFault(reader, { kind: 'crash', atCall: 1 });
      setFault(reader, { kind: 'device_error', atCall: 2 });
      expect(readState(reader).fault).toBe('device_error');
      expect(await module.code('C_GetSlotInfo', slot)).toBe(0);
      setFault(reader, null);
      setFault(reader, null);
      expect(await module.code('C_GetSlotInfo', slot)).toBe(0);
      expect(readState(reader).fault).toBeNull();
    }));

  test('after a device error a search that was begun stays active, and a PIN that was given was given', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setFault(reader, { kind: 'device_error', atCall: 1 });
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_ERROR);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(pkcs11js.CKR_OPERATION_ACTIVE);
      expect(await module.code('C_FindObjectsFinal', session)).toBe(0);
      setFault(reader, { kind: 'device_error', atCall: 1 });
      expect(await module.code('C_Login', session, pkcs11js.CKU_USER, '9999')).toBe(CKR_DEVICE_ERROR);
      // That was one try; the library does not think that it is logged in.
      expect(await module.code('C_Login', session, pkcs11js.CKU_USER, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await module.code('C_Login', session, pkcs11js.CKU_USER, '9999')).toBe(pkcs11js.CKR_PIN_LOCKED);
    }));

  test('a right PIN whose answer got lost: the card knows it, the library does not', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setFault(reader, { kind: 'device_error', atCall: 1 });
      expect(await module.code('C_Login', session, pkcs11js.CKU_USER, '1234')).toBe(CKR_DEVICE_ERROR);
      expect(await module.code('C_Logout', session)).toBe(pkcs11js.CKR_USER_NOT_LOGGED_IN);
      expect(await module.code('C_Login', session, pkcs11js.CKU_USER, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
    }));

  test('a hang holds the call as long as it says, and then the call goes on', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setFault(reader, { kind: 'hang', atCall: 1, ms: 400 });
      const begun = performance.now();
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(0);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(400);
    }));

  test('a hang for ever is silence, until the process is killed; the next one works', () =>
    withReader(async ({ module, reader, another }) => {
      const slot = await module.slot();
      insertCard(reader, 'lotte');
      setState(reader, { journal: 1 });
      setFault(reader, { kind: 'hang', atCall: 1, ms: Number.POSITIVE_INFINITY });
      const silent = module.code('C_GetSlotInfo', slot).catch(() => 'ended');
      await vi.waitUntil(() => readJournal(reader).includes('fault hang'), { timeout: 20_000 });
      await module.close();
      expect(await silent).toBe('ended');
      const next = await another();
      expect((await next.call('C_GetSlotInfo', await next.slot())).flags).toBe(7);
    }));

  test('a crash takes the process', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      setFault(reader, { kind: 'crash', atCall: 1 });
      await expect(module.code('C_GetSlotInfo', slot)).rejects.toThrow('the process ended');
    }));

  test('a card pulled at a call: the read is cut off in its middle', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setState(reader, { ghost_us: 60_000_000 });
      setFault(reader, { kind: 'remove', atCall: 1 });
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_ERROR);
      expect(readState(reader).card).toBeNull();
      // It counts as present a little longer, then it is gone.
      expect((await module.call('C_GetSlotInfo', await module.slot())).flags).toBe(7);
      setState(reader, { ghost_us: 0 });
      insertCard(reader, 'helene');
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
      expect(readState(reader)).toMatchObject({ card: 'helene', insertion: 2 });
    }));

  test('a call that reads nothing is answered; the card is gone after it', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'lotte');
      await module.call('C_GetSlotInfo', slot);
      setFault(reader, { kind: 'remove', atCall: 1 });
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(7);
      expect((await module.call('C_GetSlotInfo', slot)).flags).toBe(6);
    }));

  test('a card swapped at a call never mixes two people', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setFault(reader, { kind: 'swap', atCall: 1, persona: 'helene' });
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_ERROR);
      expect(readState(reader)).toMatchObject({ card: 'helene', insertion: 1 });
      expect(await module.code('C_FindObjectsFinal', session)).toBe(CKR_DEVICE_REMOVED);
      const again = await module.session(await module.slot());
      // Swapped back for the card that was there first: another insertion all the same.
      setFault(reader, { kind: 'swap', atCall: 1, persona: 'lotte' });
      await module.code('C_GetTokenInfo', await module.slot());
      expect(readState(reader).card).toBe('lotte');
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
      expect(await module.code('C_FindObjectsInit', again, identityFile)).toBe(CKR_DEVICE_REMOVED);
      // The hand at the reader has the last word.
      removeCard(reader);
      expect(readState(reader).card).toBeNull();
      expect((await module.call('C_GetSlotInfo', await module.slot())).flags).toBe(6);
    }));

  test('swapped for a card of the same person: another insertion all the same', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setFault(reader, { kind: 'swap', atCall: 1, persona: 'lotte' });
      expect((await module.call('C_GetSlotInfo', await module.slot())).flags).toBe(7);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
    }));

  test('in the second reader', () =>
    withReader(async ({ module, reader }) => {
      setState(reader, { reader: 2 });
      const slots = await module.call('C_GetSlotList', false);
      insertCard(reader, 'lotte');
      insertCard(reader, 'helene', 1);
      setFault(reader, { kind: 'swap', atCall: 1, persona: 'milan', reader: 1 });
      await module.call('C_GetSlotInfo', slots[0] ?? expect.unreachable());
      expect(readState(reader)).toMatchObject({ card: 'lotte', second: 'milan', cards: ['lotte', 'milan'] });
    }));

  test('what is no fault is refused', () =>
    withReader(async ({ reader }) => {
      expect(() => setFault(reader, { kind: 'crash', atCall: 0 })).toThrow('no such call');
      expect(() => setFault(reader, { kind: 'swap', atCall: 1, persona: 'nobody' })).toThrow('no such persona');
      expect(readFault(reader)).toBeNull();
    }));
});
