/**
 * The one place that translates PKCS#11 return values. Only the distinctions that we act on; any other code is `other`,
 * which is treated like `device_error`. Behaviour of the library per code: P:cal.cpp cal_translate_error, cal_validate_session.
 */
export type Fault =
  /** The card this session was opened on is gone, even when one is in again: nothing of the session may be used. */
  | 'gone'
  /** A card that is no Belgian eID. After five of them in a process the library says TOKEN_NOT_PRESENT instead. */
  | 'not_recognised'
  /** Pulled in mid-read, a file that is not there, a mute card, no PC/SC service, or a library that ran out of handles. */
  | 'device_error'
  /** The slot is not in the library's table any more: the list of readers changed. */
  | 'no_such_slot'
  /** C_Initialize is needed, or was done already. */
  | 'not_initialised'
  | 'already_initialised'
  /** A search was left open in this session. */
  | 'search_open'
  | 'no_search'
  | 'other';

const table: ReadonlyMap<number, Fault> = new Map([
  [0x003, 'no_such_slot'], // CKR_SLOT_ID_INVALID
  [0x030, 'device_error'], // CKR_DEVICE_ERROR
  [0x032, 'gone'], // CKR_DEVICE_REMOVED
  [0x090, 'search_open'], // CKR_OPERATION_ACTIVE
  [0x091, 'no_search'], // CKR_OPERATION_NOT_INITIALIZED
  [0x0b0, 'gone'], // CKR_SESSION_CLOSED
  [0x0b3, 'gone'], // CKR_SESSION_HANDLE_INVALID
  [0x0e0, 'gone'], // CKR_TOKEN_NOT_PRESENT
  [0x0e1, 'not_recognised'], // CKR_TOKEN_NOT_RECOGNIZED
  [0x190, 'not_initialised'], // CKR_CRYPTOKI_NOT_INITIALIZED
  [0x191, 'already_initialised'], // CKR_CRYPTOKI_ALREADY_INITIALIZED
]);

/** `name` is for the log: a CKR_ name, or what pkcs11js calls an error that is no return value. */
export type Failure = { fault: Fault; name: string };

export function translateError(error: unknown): Failure {
  // C_FindObjects bypasses pkcs11js's own wrapping, so the plain "CKR_X:48" is read as well.
  const [, name, code] = /(CKR_[A-Z0-9_]+)(?::(\d+))?/.exec(error instanceof Error ? error.message : '') ?? [];
  if (name === undefined) return { fault: 'other', name: 'not_a_return_value' };
  return { fault: table.get(code === undefined ? codeOf(error) : Number(code)) ?? 'other', name };
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : -1;
}
