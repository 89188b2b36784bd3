import pkcs11js from 'pkcs11js';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Fault, translateError } from './codes.ts';
import { type FakeModule, makeFakeModule } from './fake-module.ts';
import { type Library, loadLibrary } from './library.ts';
import { findModule, modulePaths } from './module-paths.ts';
import type { CardSession } from './session.ts';

let module: FakeModule;

beforeEach(() => {
  module = makeFakeModule({ id: Buffer.from('identity'), photo: Buffer.alloc(0) });
});

function load(): Library {
  const loaded = loadLibrary('/module', module);
  if (!loaded.ok) throw new Error(loaded.error.name);
  module.calls.length = 0;
  return loaded.value;
}

function open(): CardSession {
  const opened = load().openSession({ id: Buffer.of(0), key: '00' });
  if (!opened.ok) throw new Error(opened.error.name);
  module.calls.length = 0;
  return opened.value;
}

describe('loadLibrary', () => {
  test('asks for locking: without it there is none at all', () => {
    load();
    expect(module.given).toEqual([{ flags: pkcs11js.CKF_OS_LOCKING_OK }]);
  });

  test('takes a library that is initialised already, and no other refusal', () => {
    module.failing.set('C_Initialize', 'CKR_CRYPTOKI_ALREADY_INITIALIZED:401');
    expect(loadLibrary('/module', module).ok).toBe(true);
    module.failing.set('C_Initialize', 'CKR_GENERAL_ERROR:5');
    expect(loadLibrary('/module', module)).toEqual({ ok: false, error: { fault: 'other', name: 'CKR_GENERAL_ERROR' } });
  });

  test('restarts also a library that refuses to end', () => {
    const library = load();
    module.failing.set('C_Finalize', 'CKR_DEVICE_ERROR:48');
    expect(library.restart().ok).toBe(true);
    expect(module.calls).toEqual(['C_Finalize', 'C_Initialize']);
    expect(module.given.at(-1)).toEqual({ flags: pkcs11js.CKF_OS_LOCKING_OK });
  });

  test('lists all slots, and sees in their flags whether an eID is in', () => {
    const library = load();
    expect(library.listSlots()).toMatchObject({ ok: true, value: [{ key: '00' }, { key: '01' }] });
    const slot = { id: Buffer.of(0), key: '00' };
    expect(library.lookAtSlot(slot)).toEqual({ ok: true, value: true });
    expect(library.askToken(slot)).toEqual({ ok: true, value: null });
    module.failing.set('C_GetTokenInfo', 'CKR_TOKEN_NOT_RECOGNIZED:225');
    expect(library.askToken(slot)).toMatchObject({ ok: false, error: { fault: 'not_recognised' } });
  });

  test('tells a virtual card by its maker', () => {
    expect(load().isVirtualCard).toBe(false);
    module.maker = 'Loket demo and test';
    expect(load().isVirtualCard).toBe(true);
  });

  test('that is finished takes no call any more', () => {
    load().finish();
    expect(module.calls).toEqual(['C_Finalize', 'close']);
  });
});

describe('a session', () => {
  test('finds a raw file by class, object id and label, and ends the search', () => {
    const session = open();
    expect(session.readFile('identity')).toEqual({ ok: true, value: Buffer.from('identity') });
    expect(module.calls).toEqual(['C_FindObjectsInit', 'C_FindObjects', 'C_FindObjectsFinal', 'C_GetAttributeValue']);
    expect(module.given.at(-1)).toEqual([
      { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
      { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from('id') },
      { type: pkcs11js.CKA_LABEL, value: Buffer.from('DATA_FILE') },
    ]);
  });

  test('has no file where there is no object, or an empty one', () => {
    const session = open();
    expect(session.readFile('address')).toEqual({ ok: true, value: null });
    expect(session.readFile('photo')).toEqual({ ok: true, value: null });
  });

  test.each(['C_FindObjectsInit', 'C_FindObjects'])('ends the search also when %s failed', (call) => {
    const session = open();
    module.failing.set(call, 'CKR_DEVICE_ERROR:48');
    expect(session.readFile('identity')).toEqual({ ok: false, error: { fault: 'device_error', name: 'CKR_DEVICE_ERROR' } });
    expect(module.calls.at(-1)).toBe('C_FindObjectsFinal');
  });

  test('says the first failure, not that of ending the search', () => {
    const session = open();
    module.failing.set('C_FindObjectsInit', 'CKR_DEVICE_ERROR:48').set('C_FindObjectsFinal', 'CKR_DEVICE_REMOVED:50');
    expect(session.readFile('identity')).toMatchObject({ error: { fault: 'device_error' } });
  });

  test('is given back once, however often it is closed, and is of no use afterwards', () => {
    const session = open();
    module.failing.set('C_CloseSession', 'CKR_DEVICE_ERROR:48');
    session.close();
    session.close();
    expect(module.calls).toEqual(['C_CloseSession', 'C_CloseAllSessions']);
    expect(session.readFile('identity')).toEqual({ ok: false, error: { fault: 'gone', name: 'session_closed' } });
    expect(session.checkPresence()).toMatchObject({ ok: false, error: { fault: 'gone' } });
    expect(module.calls.length).toBe(2);
  });

  test('ends a search that could not be ended before, and searches then', () => {
    const session = open();
    let refused = false;
    const search = module.C_FindObjectsInit;
    module.C_FindObjectsInit = (handle, template) => {
      if (!refused) {
        refused = true;
        throw new Error('CKR_OPERATION_ACTIVE:144');
      }
      search(handle, template);
    };
    expect(session.readFile('identity')).toEqual({ ok: true, value: Buffer.from('identity') });
    expect(module.calls[0]).toBe('C_FindObjectsFinal');
  });

  test('reads a certificate by its label, and only its value', () => {
    module = makeFakeModule({ Authentication: Buffer.from('der') });
    const session = open();
    expect(session.readCertificate('Authentication')).toEqual({ ok: true, value: Buffer.from('der') });
    expect(module.given.at(-1)).toEqual([
      { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
      { type: pkcs11js.CKA_LABEL, value: Buffer.from('Authentication') },
    ]);
    expect(session.readCertificate('Signature')).toEqual({ ok: true, value: null });
  });

  test.each([
    [0x40e, { pinpad: false, dialogs: false }],
    [0x40a, { pinpad: false, dialogs: true }],
    [0x50a, { pinpad: true, dialogs: true }],
    [0x50e, { pinpad: true, dialogs: false }],
  ])('tells from the token’s flags %i where a PIN can be typed', (flags, where) => {
    module.token.flags = flags;
    expect(open().readToken()).toEqual({ ok: true, value: { applet: 0x18, ...where } });
  });

  test.each(['CKR_TOKEN_NOT_RECOGNIZED:225', 'CKR_SLOT_ID_INVALID:3'])(
    'is gone when another card, or no reader, is in its place (%s)',
    (code) => {
      const session = open();
      module.failing.set('C_GetSessionInfo', code);
      expect(session.checkPresence()).toMatchObject({ error: { fault: 'gone' } });
    },
  );

  test('is gone when the card was out, however short', () => {
    const session = open();
    expect(session.checkPresence()).toEqual({ ok: true, value: null });
    module.failing.set('C_GetSessionInfo', 'CKR_DEVICE_REMOVED:50');
    expect(session.checkPresence()).toMatchObject({ error: { fault: 'gone' } });
  });
});

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

test.each<[number, string, Fault]>([
  [0x30, 'CKR_DEVICE_ERROR', 'device_error'],
  [0x32, 'CKR_DEVICE_REMOVED', 'gone'],
  [0xe0, 'CKR_TOKEN_NOT_PRESENT', 'gone'],
  [0xe1, 'CKR_TOKEN_NOT_RECOGNIZED', 'not_recognised'],
  [0xb3, 'CKR_SESSION_HANDLE_INVALID', 'gone'],
  [0x90, 'CKR_OPERATION_ACTIVE', 'operation_open'],
  [0x91, 'CKR_OPERATION_NOT_INITIALIZED', 'no_operation'],
  [0x190, 'CKR_CRYPTOKI_NOT_INITIALIZED', 'not_initialised'],
  [0x191, 'CKR_CRYPTOKI_ALREADY_INITIALIZED', 'already_initialised'],
  [0x03, 'CKR_SLOT_ID_INVALID', 'no_such_slot'],
  [0x02, 'CKR_HOST_MEMORY', 'other'],
  [0x05, 'CKR_GENERAL_ERROR', 'other'],
  [0x06, 'CKR_FUNCTION_FAILED', 'function_failed'],
  [0x31, 'CKR_DEVICE_MEMORY', 'device_error'],
  [0x50, 'CKR_FUNCTION_CANCELED', 'cancelled'],
  [0x63, 'CKR_KEY_TYPE_INCONSISTENT', 'unsupported'],
  [0x70, 'CKR_MECHANISM_INVALID', 'unsupported'],
  [0xa0, 'CKR_PIN_INCORRECT', 'pin_wrong'],
  [0xa1, 'CKR_PIN_INVALID', 'pin_refused'],
  [0xa2, 'CKR_PIN_LEN_RANGE', 'pin_refused'],
  [0xa4, 'CKR_PIN_LOCKED', 'pin_locked'],
  [0x100, 'CKR_USER_ALREADY_LOGGED_IN', 'logged_in_already'],
  [0x101, 'CKR_USER_NOT_LOGGED_IN', 'not_logged_in'],
  [0x150, 'CKR_BUFFER_TOO_SMALL', 'other'],
  [0x80000001, 'CKR_VENDOR_DEFINED', 'other'],
])('code %i is %s', (code, name, fault) => {
  expect(translateError(new pkcs11js.Pkcs11Error(`${name}:${code}`))).toEqual({ fault, name });
  // As C_FindObjects throws it, past pkcs11js's own wrapping.
  expect(translateError(new Error(`${name}:${code}`))).toEqual({ fault, name });
});

test('every return value that pkcs11js has a name for has one here, with its number', () => {
  const named = Object.entries(pkcs11js).filter((entry): entry is [string, number] => /^CKR_(?!OK|VENDOR)/.test(entry[0]));
  expect(named.length).toBeGreaterThan(80);
  for (const [name, code] of named) expect(translateError(new Error(`CKR_X:${code}`)).name).toBe(name);
});

test('what is no return value is said as such, without its text', () => {
  expect(translateError(new TypeError('Vandenhoutte'))).toEqual({ fault: 'other', name: 'not_a_return_value' });
  expect(translateError('text')).toEqual({ fault: 'other', name: 'not_a_return_value' });
});

describe('the module’s path', () => {
  test('per operating system, as eid-mw installs it', () => {
    expect(modulePaths('linux', {})).toContain('/usr/lib/x86_64-linux-gnu/libbeidpkcs11.so.0');
    expect(modulePaths('win32', { SystemRoot: 'D:\\Win' })).toEqual(['D:\\Win\\System32\\beidpkcs11.dll']);
    expect(modulePaths('darwin', {})[0]).toBe(
      '/Library/Belgium Identity Card/Pkcs11/beid-pkcs11.bundle/Contents/MacOS/libbeidpkcs11.dylib',
    );
  });

  test('a configured one is the only candidate', () => {
    expect(findModule('/own.so', (path) => path === '/own.so')).toBe('/own.so');
    expect(findModule('/own.so', (path) => path !== '/own.so')).toBe(null);
    expect(findModule(null, () => false)).toBe(null);
    expect(findModule(null, () => true)).toBe(modulePaths(process.platform, process.env)[0]);
  });
});
