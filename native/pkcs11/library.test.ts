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
    expect(library.askToken(slot)).toMatchObject({ ok: false, error: { fault: 'not_recognised' } });
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

  test('is gone when the card was out, however short', () => {
    const session = open();
    expect(session.checkPresence()).toEqual({ ok: true, value: null });
    module.failing.set('C_GetSessionInfo', 'CKR_DEVICE_REMOVED:50');
    expect(session.checkPresence()).toMatchObject({ error: { fault: 'gone' } });
  });
});

test.each<[number, string, Fault]>([
  [0x30, 'CKR_DEVICE_ERROR', 'device_error'],
  [0x32, 'CKR_DEVICE_REMOVED', 'gone'],
  [0xe0, 'CKR_TOKEN_NOT_PRESENT', 'gone'],
  [0xe1, 'CKR_TOKEN_NOT_RECOGNIZED', 'not_recognised'],
  [0xb3, 'CKR_SESSION_HANDLE_INVALID', 'gone'],
  [0x90, 'CKR_OPERATION_ACTIVE', 'search_open'],
  [0x91, 'CKR_OPERATION_NOT_INITIALIZED', 'no_search'],
  [0x190, 'CKR_CRYPTOKI_NOT_INITIALIZED', 'not_initialised'],
  [0x191, 'CKR_CRYPTOKI_ALREADY_INITIALIZED', 'already_initialised'],
  [0x03, 'CKR_SLOT_ID_INVALID', 'no_such_slot'],
  [0x05, 'CKR_GENERAL_ERROR', 'other'],
  [0x80000001, 'CKR_VENDOR_DEFINED', 'other'],
])('code %i is %s', (code, name, fault) => {
  expect(translateError(new pkcs11js.Pkcs11Error(`${name}:${code}`))).toEqual({ fault, name });
  // As C_FindObjects throws it, past pkcs11js's own wrapping.
  expect(translateError(new Error(`${name}:${code}`))).toEqual({ fault, name });
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
