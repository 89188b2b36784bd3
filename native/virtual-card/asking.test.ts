import { verify, X509Certificate } from 'node:crypto';
import pkcs11js, { type Handle } from 'pkcs11js';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { OpenModule } from './checks/open-module.ts';
import { withReader } from './checks/with-reader.ts';
import { buildVirtualCard, insertCard, pressKeys, readJournal, removeCard, setDialogs, setPinpad, setState } from './control.ts';

const CKM_ECDSA_SHA384 = 0x1045;
const CKR_DEVICE_ERROR = 0x30;
const document = Buffer.from('what was read is what is signed');

beforeAll(async () => {
  await buildVirtualCard();
});

async function openCard(module: OpenModule, reader: string, persona = 'lotte'): Promise<Handle> {
  insertCard(reader, persona);
  return await module.session(await module.slot());
}

async function find(module: OpenModule, session: Handle, kind: number, label: string): Promise<Handle> {
  const template = [
    { type: pkcs11js.CKA_CLASS, value: kind },
    { type: pkcs11js.CKA_LABEL, value: label },
  ];
  const [found] = await module.find(session, template);
  return found ?? expect.unreachable(label);
}

const begin = async (module: OpenModule, session: Handle, key: string) =>
  await module.call('C_SignInit', session, { mechanism: CKM_ECDSA_SHA384 }, await find(module, session, pkcs11js.CKO_PRIVATE_KEY, key));

async function signCode(module: OpenModule, session: Handle, key: string): Promise<number> {
  await begin(module, session, key);
  return await module.code('C_Sign', session, document, Buffer.alloc(96));
}

async function verifiedSignature(module: OpenModule, session: Handle, key: string): Promise<boolean> {
  await begin(module, session, key);
  const signature = Buffer.from(await module.call('C_Sign', session, document, Buffer.alloc(96)));
  const certificate = await find(module, session, pkcs11js.CKO_CERTIFICATE, key);
  const { publicKey } = new X509Certificate(await module.attribute(session, certificate, pkcs11js.CKA_VALUE));
  return verify('sha384', document, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

const login = (module: OpenModule, session: Handle, pin: string) => module.code('C_Login', session, pkcs11js.CKU_USER, pin);
const isWaiting = (reader: string, where: string) => vi.waitUntil(() => readJournal(reader).includes(`wait ${where}`), { timeout: 20_000 });

describe('a pinpad', () => {
  test('says so in the token, and waits for the keys when no PIN is given', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      const slot = await module.slot();
      expect((await module.call('C_GetTokenInfo', slot)).flags & pkcs11js.CKF_PROTECTED_AUTHENTICATION_PATH).toBe(0);
      setPinpad(reader, true);
      setState(reader, { journal: 1 });
      expect((await module.call('C_GetTokenInfo', slot)).flags).toBe(0x50a);
      const waiting = login(module, session, '');
      await isWaiting(reader, 'pinpad');
      pressKeys(reader, 'right');
      expect(await waiting).toBe(0);
      expect(await verifiedSignature(module, session, 'Authentication')).toBe(true);
    }));

  test('wrong keys are tries, and the third blocks', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setPinpad(reader, true);
      const codes: number[] = [];
      for (let attempt = 0; attempt < 3; attempt += 1) {
        pressKeys(reader, 'wrong');
        codes.push(await login(module, session, ''));
      }
      expect(codes).toEqual([pkcs11js.CKR_PIN_INCORRECT, pkcs11js.CKR_PIN_INCORRECT, pkcs11js.CKR_PIN_LOCKED]);
      pressKeys(reader, 'right');
      expect(await login(module, session, '')).toBe(pkcs11js.CKR_PIN_LOCKED);
    }));

  test('cancelled, or nobody there for the whole of its time: cancelled, and no try is lost', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setPinpad(reader, true);
      pressKeys(reader, 'cancel');
      expect(await login(module, session, '')).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
      setState(reader, { pinpad_us: 150_000 });
      const begun = performance.now();
      expect(await login(module, session, '')).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(150);
      pressKeys(reader, 'wrong');
      expect(await login(module, session, '')).toBe(pkcs11js.CKR_PIN_INCORRECT);
    }));

  test('the card pulled while it waits is a device error', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setPinpad(reader, true);
      setState(reader, { journal: 1 });
      const waiting = login(module, session, '');
      await isWaiting(reader, 'pinpad');
      removeCard(reader);
      expect(await waiting).toBe(CKR_DEVICE_ERROR);
    }));

  test('signs with the Signature key, asking each time, in both builds', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setPinpad(reader, true);
      for (const kind of ['none', 'unanswered'] as const) {
        setDialogs(reader, kind);
        pressKeys(reader, 'right');
        expect(await verifiedSignature(module, session, 'Signature')).toBe(true);
        pressKeys(reader, 'cancel');
        expect(await signCode(module, session, 'Signature')).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
        pressKeys(reader, 'wrong');
        expect(await signCode(module, session, 'Signature')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      }
    }));

  test('a PIN that is given goes to the card without it', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setPinpad(reader, true);
      expect(await login(module, session, '1234')).toBe(0);
    }));
});

describe("the library's own dialog", () => {
  test('answered: C_Login without a PIN, and the Signature key after a login, go on', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setDialogs(reader, 'answered');
      setState(reader, { journal: 1 });
      const waiting = login(module, session, '');
      await isWaiting(reader, 'dialog');
      pressKeys(reader, 'right');
      expect(await waiting).toBe(0);
      pressKeys(reader, 'right');
      expect(await verifiedSignature(module, session, 'Signature')).toBe(true);
      pressKeys(reader, 'cancel');
      expect(await signCode(module, session, 'Signature')).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
    }));

  test('holds the one lock: another thread waits for as long as it is open', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setState(reader, { dialog_us: 300_000 });
      const begun = performance.now();
      expect(await signCode(module, session, 'Authentication')).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(300);
    }));

  test('stays when the card is pulled; the answer then finds no card', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setDialogs(reader, 'answered');
      setState(reader, { journal: 1 });
      const waiting = login(module, session, '');
      await isWaiting(reader, 'dialog');
      removeCard(reader);
      pressKeys(reader, 'right');
      expect(await waiting).toBe(CKR_DEVICE_ERROR);
    }));

  test('a library without dialogs fails where it would ask', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader);
      setDialogs(reader, 'none');
      expect(await login(module, session, '')).toBe(pkcs11js.CKR_FUNCTION_FAILED);
      expect(await signCode(module, session, 'Authentication')).toBe(pkcs11js.CKR_FUNCTION_FAILED);
      expect(await login(module, session, '1234')).toBe(0);
      expect(await signCode(module, session, 'Signature')).toBe(pkcs11js.CKR_FUNCTION_FAILED);
    }));
});
