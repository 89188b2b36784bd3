import pkcs11js from 'pkcs11js';
import { expect, test } from 'vitest';
import { type Fault, translateError } from './codes.ts';

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
