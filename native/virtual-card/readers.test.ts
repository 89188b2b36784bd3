import pkcs11js from 'pkcs11js';
import { beforeAll, describe, expect, test } from 'vitest';
import { withReader } from './checks/with-reader.ts';
import { buildVirtualCard, insertCard, plugReaders, readState, removeCard, swapCard } from './control.ts';

const CKR_DEVICE_ERROR = 0x30;
const CKR_DEVICE_REMOVED = 0x32;
const identityFile = [
  { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
  { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from('id') },
];

beforeAll(async () => {
  await buildVirtualCard();
});

describe('several readers', () => {
  test('each with its own card; a foreign card in one hides nothing in the other', () =>
    withReader(async ({ module, reader }) => {
      plugReaders(reader, 2);
      insertCard(reader, 'bank');
      insertCard(reader, 'milan', 1);
      const [first, second] = await module.call('C_GetSlotList', false);
      if (first === undefined || second === undefined) throw new Error('two readers');
      expect(await module.code('C_GetTokenInfo', first)).toBe(0xe1);
      expect((await module.call('C_GetSlotInfo', second)).flags).toBe(7);
      const session = await module.session(second);
      expect(await module.find(session, identityFile)).toHaveLength(20);
      removeCard(reader);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(0);
      expect(await module.code('C_FindObjectsFinal', session)).toBe(0);
      swapCard(reader, 'lotte', 1);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
      expect(readState(reader)).toMatchObject({ readers: 2, card: null, second: 'lotte', cards: [null, 'lotte'], insertion: 1 });
    }));

  test('a PIN verified in one is not verified in the other', () =>
    withReader(async ({ module, reader }) => {
      plugReaders(reader, 2);
      insertCard(reader, 'lotte');
      const slots = await module.call('C_GetSlotList', false);
      const session = await module.session(slots[0] ?? expect.unreachable());
      await module.call('C_Login', session, pkcs11js.CKU_USER, '1234');
      insertCard(reader, 'helene', 1);
      const other = await module.session(slots[1] ?? expect.unreachable());
      expect(await module.code('C_Login', other, pkcs11js.CKU_USER, '0000')).toBe(pkcs11js.CKR_PIN_INCORRECT);
    }));

  test('one more at run time wipes the slot table: sessions survive, what they had found does not', () =>
    withReader(async ({ module, reader }) => {
      insertCard(reader, 'lotte');
      const slot = await module.slot();
      const session = await module.session(slot);
      await module.call('C_Login', session, pkcs11js.CKU_USER, '1234');
      const [object] = await module.find(session, identityFile);
      plugReaders(reader, 2);
      // Nobody has asked for the list yet.
      const next = Buffer.alloc(slot.length);
      next.writeUInt8(1);
      expect(await module.code('C_GetSlotInfo', next)).toBe(pkcs11js.CKR_SLOT_ID_INVALID);
      expect(await module.call('C_GetSlotList', false)).toHaveLength(2);
      const value = [{ type: pkcs11js.CKA_VALUE }];
      expect(await module.code('C_GetAttributeValue', session, object ?? expect.unreachable(), value)).toBe(
        pkcs11js.CKR_OBJECT_HANDLE_INVALID,
      );
      expect(await module.find(session, identityFile)).toHaveLength(20);
      // The table's login is gone with it, the card's is not.
      expect(await module.code('C_Logout', session)).toBe(pkcs11js.CKR_USER_NOT_LOGGED_IN);
      expect(await module.code('C_CloseSession', session)).toBe(0);
    }));

  test('unplugged while a session is open: a device error until the list is asked for, then no such slot', () =>
    withReader(async ({ module, reader }) => {
      plugReaders(reader, 2);
      insertCard(reader, 'lotte', 1);
      const [, second] = await module.call('C_GetSlotList', false);
      if (second === undefined) throw new Error('two readers');
      const session = await module.session(second);
      plugReaders(reader, 1);
      expect(await module.code('C_GetSlotInfo', second)).toBe(CKR_DEVICE_ERROR);
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_ERROR);
      expect(await module.call('C_GetSlotList', false)).toHaveLength(1);
      expect(await module.code('C_GetSlotInfo', second)).toBe(pkcs11js.CKR_SLOT_ID_INVALID);
      plugReaders(reader, 2);
      expect(await module.call('C_GetSlotList', false)).toHaveLength(2);
      // The card stayed in it and was inserted anew; the old session is none of this insertion's.
      expect(await module.code('C_FindObjectsInit', session, identityFile)).toBe(CKR_DEVICE_REMOVED);
      expect(await module.find(await module.session(second), identityFile)).toHaveLength(20);
    }));

  test('at most ten', () =>
    withReader(async ({ module, reader }) => {
      plugReaders(reader, 24);
      expect(await module.call('C_GetSlotList', false)).toHaveLength(10);
    }));
});
