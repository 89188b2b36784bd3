import pkcs11js from 'pkcs11js';
import { beforeEach, describe, expect, test } from 'vitest';
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
    expect(open().readToken()).toEqual({ ok: true, value: { applet: 0x18, serial: '', ...where } });
  });

  test('tells the token’s serial, without the room it is padded to', () => {
    module.token.serial = '296CFF2623660B08\0  ';
    expect(open().readToken()).toMatchObject({ value: { serial: '296CFF2623660B08' } });
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
