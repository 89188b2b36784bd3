import pkcs11js from 'pkcs11js';
import { beforeEach, describe, expect, test } from 'vitest';
import { type FakeModule, makeFakeModule } from './fake-module.ts';
import { loadLibrary } from './library.ts';
import type { CardSession } from './session.ts';

let module: FakeModule;

function open(): CardSession {
  const loaded = loadLibrary('/module', module);
  const opened = loaded.ok ? loaded.value.openSession({ id: Buffer.of(0), key: '00' }) : loaded;
  if (!opened.ok) throw new Error(opened.error.name);
  module.calls.length = 0;
  return opened.value;
}

const order = { key: 'Authentication', data: Buffer.from('hash'), kind: 'ec', pin: '1234' } as const;
const signing = ['C_GetSessionInfo', 'C_Logout', 'C_Login', 'C_SignInit', 'C_Sign', 'C_Logout', 'C_CloseSession'];

describe('a signature', () => {
  beforeEach(() => {
    module = makeFakeModule({ Authentication: Buffer.of(0), Card: Buffer.of(0) });
  });

  test('is made in a session of its own, after a look whether the card is still in, and that session is closed', () => {
    const session = open();
    expect(session.sign(order)).toEqual({ ok: true, value: module.signature });
    expect(module.calls).toEqual(['C_OpenSession', 'C_FindObjectsInit', 'C_FindObjects', 'C_FindObjectsFinal', ...signing]);
    expect(module.given).toContainEqual({ user: pkcs11js.CKU_USER, pin: '1234' });
    expect(module.given).toContainEqual({ mechanism: pkcs11js.CKM_ECDSA, session: 2 });
    expect(module.given).toContainEqual({ signed: Buffer.from('hash'), session: 2, room: 512 });
    expect(module.given).toContainEqual({ closed: 2 });
  });

  test('of an RSA key asks for PKCS#1 over what it is given', () => {
    open().sign({ ...order, kind: 'rsa' });
    expect(module.given).toContainEqual({ mechanism: pkcs11js.CKM_RSA_PKCS, session: 2 });
  });

  test('without a PIN logs nobody in nor out', () => {
    open().sign({ ...order, key: 'Card', pin: null });
    expect(module.calls.filter((call) => /C_Log/.test(call))).toEqual([]);
  });

  test('gives the PIN to no card that is not the session’s own any more', () => {
    const session = open();
    module.failing.set('C_GetSessionInfo', 'CKR_DEVICE_REMOVED:50');
    expect(session.sign(order)).toMatchObject({ error: { fault: 'gone', at: 'before' } });
    expect(module.calls).not.toContain('C_Login');
    expect(module.calls.at(-1)).toBe('C_CloseSession');
  });

  test.each([
    ['C_OpenSession', 'before', false],
    ['C_FindObjects', 'before', true],
    ['C_Login', 'login', true],
    ['C_SignInit', 'signing', true],
    ['C_Sign', 'signing', true],
  ] as const)('that fails at %s says how far it came, logs out, closes once, and is not tried again', (call, at, opened) => {
    const session = open();
    module.failing.set(call, 'CKR_DEVICE_ERROR:48');
    expect(session.sign(order)).toEqual({ ok: false, error: { fault: 'device_error', name: 'CKR_DEVICE_ERROR', at } });
    const count = (name: string) => module.calls.filter((each) => each === name).length;
    expect(count(call)).toBe(1);
    expect(count('C_CloseSession')).toBe(opened ? 1 : 0);
    if (at !== 'before') expect(module.calls.lastIndexOf('C_Logout')).toBeGreaterThan(module.calls.indexOf('C_Login'));
  });

  test('by a key that the card does not have is unsupported, and no PIN is given', () => {
    module = makeFakeModule({});
    expect(open().sign(order)).toMatchObject({ error: { fault: 'unsupported', at: 'before' } });
    expect(module.calls).not.toContain('C_Login');
  });

  test('of a closed session is none', () => {
    const session = open();
    session.close();
    module.calls.length = 0;
    expect(session.sign(order)).toMatchObject({ error: { fault: 'gone', at: 'before' } });
    expect(module.calls).toEqual([]);
  });
});
