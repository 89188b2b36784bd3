/**
 * The one place that translates PKCS#11 return values (PKCS#11 v2.40, "Return values"). `Fault` holds only the distinctions
 * that we act on. What the library means by a code: P:cal.cpp cal_translate_error and cal_validate_session.
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
  /** A search or a signature was left open in this session, or there is none to go on with. */
  | 'operation_open'
  | 'no_operation'
  /** The card counted a wrong entry; with `pin_locked` it was the third, or one of before. */
  | 'pin_wrong'
  | 'pin_locked'
  /** Not a PIN at all: refused before the card saw it. */
  | 'pin_refused'
  /** Stopped on the pinpad or in the library's dialog, or nobody typed for 30 s. */
  | 'cancelled'
  | 'logged_in_already'
  | 'not_logged_in'
  /** Nothing was asked of the card: wrong length of PIN, or a PIN dialog that this build does not have. */
  | 'function_failed'
  /** The card or the library has no such key, mechanism or attribute, or wants other data. */
  | 'unsupported'
  | 'other';

type Code = readonly [code: number, name: string, fault: Fault];

const codes: readonly Code[] = [
  [0x000, 'CKR_OK', 'other'],
  [0x001, 'CKR_CANCEL', 'cancelled'],
  [0x002, 'CKR_HOST_MEMORY', 'other'],
  [0x003, 'CKR_SLOT_ID_INVALID', 'no_such_slot'],
  [0x005, 'CKR_GENERAL_ERROR', 'other'],
  [0x006, 'CKR_FUNCTION_FAILED', 'function_failed'],
  [0x007, 'CKR_ARGUMENTS_BAD', 'other'],
  [0x008, 'CKR_NO_EVENT', 'other'],
  [0x009, 'CKR_NEED_TO_CREATE_THREADS', 'other'],
  [0x00a, 'CKR_CANT_LOCK', 'other'],
  [0x010, 'CKR_ATTRIBUTE_READ_ONLY', 'other'],
  [0x011, 'CKR_ATTRIBUTE_SENSITIVE', 'unsupported'],
  [0x012, 'CKR_ATTRIBUTE_TYPE_INVALID', 'unsupported'],
  [0x013, 'CKR_ATTRIBUTE_VALUE_INVALID', 'unsupported'],
  [0x01b, 'CKR_ACTION_PROHIBITED', 'unsupported'],
  [0x020, 'CKR_DATA_INVALID', 'unsupported'],
  [0x021, 'CKR_DATA_LEN_RANGE', 'unsupported'],
  [0x030, 'CKR_DEVICE_ERROR', 'device_error'],
  [0x031, 'CKR_DEVICE_MEMORY', 'device_error'],
  [0x032, 'CKR_DEVICE_REMOVED', 'gone'],
  [0x040, 'CKR_ENCRYPTED_DATA_INVALID', 'other'],
  [0x041, 'CKR_ENCRYPTED_DATA_LEN_RANGE', 'other'],
  [0x050, 'CKR_FUNCTION_CANCELED', 'cancelled'],
  [0x051, 'CKR_FUNCTION_NOT_PARALLEL', 'other'],
  [0x054, 'CKR_FUNCTION_NOT_SUPPORTED', 'unsupported'],
  [0x060, 'CKR_KEY_HANDLE_INVALID', 'unsupported'],
  [0x062, 'CKR_KEY_SIZE_RANGE', 'unsupported'],
  [0x063, 'CKR_KEY_TYPE_INCONSISTENT', 'unsupported'],
  [0x064, 'CKR_KEY_NOT_NEEDED', 'unsupported'],
  [0x065, 'CKR_KEY_CHANGED', 'unsupported'],
  [0x066, 'CKR_KEY_NEEDED', 'unsupported'],
  [0x067, 'CKR_KEY_INDIGESTIBLE', 'unsupported'],
  [0x068, 'CKR_KEY_FUNCTION_NOT_PERMITTED', 'unsupported'],
  [0x069, 'CKR_KEY_NOT_WRAPPABLE', 'unsupported'],
  [0x06a, 'CKR_KEY_UNEXTRACTABLE', 'unsupported'],
  [0x070, 'CKR_MECHANISM_INVALID', 'unsupported'],
  [0x071, 'CKR_MECHANISM_PARAM_INVALID', 'unsupported'],
  [0x082, 'CKR_OBJECT_HANDLE_INVALID', 'unsupported'],
  [0x090, 'CKR_OPERATION_ACTIVE', 'operation_open'],
  [0x091, 'CKR_OPERATION_NOT_INITIALIZED', 'no_operation'],
  [0x0a0, 'CKR_PIN_INCORRECT', 'pin_wrong'],
  [0x0a1, 'CKR_PIN_INVALID', 'pin_refused'],
  [0x0a2, 'CKR_PIN_LEN_RANGE', 'pin_refused'],
  [0x0a3, 'CKR_PIN_EXPIRED', 'pin_refused'],
  [0x0a4, 'CKR_PIN_LOCKED', 'pin_locked'],
  [0x0b0, 'CKR_SESSION_CLOSED', 'gone'],
  [0x0b1, 'CKR_SESSION_COUNT', 'other'],
  [0x0b3, 'CKR_SESSION_HANDLE_INVALID', 'gone'],
  [0x0b4, 'CKR_SESSION_PARALLEL_NOT_SUPPORTED', 'other'],
  [0x0b5, 'CKR_SESSION_READ_ONLY', 'other'],
  [0x0b6, 'CKR_SESSION_EXISTS', 'other'],
  [0x0b7, 'CKR_SESSION_READ_ONLY_EXISTS', 'other'],
  [0x0b8, 'CKR_SESSION_READ_WRITE_SO_EXISTS', 'other'],
  [0x0c0, 'CKR_SIGNATURE_INVALID', 'other'],
  [0x0c1, 'CKR_SIGNATURE_LEN_RANGE', 'other'],
  [0x0d0, 'CKR_TEMPLATE_INCOMPLETE', 'other'],
  [0x0d1, 'CKR_TEMPLATE_INCONSISTENT', 'other'],
  [0x0e0, 'CKR_TOKEN_NOT_PRESENT', 'gone'],
  [0x0e1, 'CKR_TOKEN_NOT_RECOGNIZED', 'not_recognised'],
  [0x0e2, 'CKR_TOKEN_WRITE_PROTECTED', 'other'],
  [0x0f0, 'CKR_UNWRAPPING_KEY_HANDLE_INVALID', 'unsupported'],
  [0x0f1, 'CKR_UNWRAPPING_KEY_SIZE_RANGE', 'unsupported'],
  [0x0f2, 'CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT', 'unsupported'],
  [0x100, 'CKR_USER_ALREADY_LOGGED_IN', 'logged_in_already'],
  [0x101, 'CKR_USER_NOT_LOGGED_IN', 'not_logged_in'],
  [0x102, 'CKR_USER_PIN_NOT_INITIALIZED', 'unsupported'],
  [0x103, 'CKR_USER_TYPE_INVALID', 'other'],
  [0x104, 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN', 'logged_in_already'],
  [0x105, 'CKR_USER_TOO_MANY_TYPES', 'logged_in_already'],
  [0x110, 'CKR_WRAPPED_KEY_INVALID', 'other'],
  [0x112, 'CKR_WRAPPED_KEY_LEN_RANGE', 'other'],
  [0x113, 'CKR_WRAPPING_KEY_HANDLE_INVALID', 'unsupported'],
  [0x114, 'CKR_WRAPPING_KEY_SIZE_RANGE', 'unsupported'],
  [0x115, 'CKR_WRAPPING_KEY_TYPE_INCONSISTENT', 'unsupported'],
  [0x120, 'CKR_RANDOM_SEED_NOT_SUPPORTED', 'other'],
  [0x121, 'CKR_RANDOM_NO_RNG', 'other'],
  [0x130, 'CKR_DOMAIN_PARAMS_INVALID', 'unsupported'],
  [0x140, 'CKR_CURVE_NOT_SUPPORTED', 'unsupported'],
  [0x150, 'CKR_BUFFER_TOO_SMALL', 'other'],
  [0x160, 'CKR_SAVED_STATE_INVALID', 'other'],
  [0x170, 'CKR_INFORMATION_SENSITIVE', 'other'],
  [0x180, 'CKR_STATE_UNSAVEABLE', 'other'],
  [0x190, 'CKR_CRYPTOKI_NOT_INITIALIZED', 'not_initialised'],
  [0x191, 'CKR_CRYPTOKI_ALREADY_INITIALIZED', 'already_initialised'],
  [0x1a0, 'CKR_MUTEX_BAD', 'other'],
  [0x1a1, 'CKR_MUTEX_NOT_LOCKED', 'other'],
  [0x1b0, 'CKR_NEW_PIN_MODE', 'pin_refused'],
  [0x1b1, 'CKR_NEXT_OTP', 'other'],
  [0x1b5, 'CKR_EXCEEDED_MAX_ITERATIONS', 'other'],
  [0x1b6, 'CKR_FIPS_SELF_TEST_FAILED', 'other'],
  [0x1b7, 'CKR_LIBRARY_LOAD_FAILED', 'other'],
  [0x1b8, 'CKR_PIN_TOO_WEAK', 'pin_refused'],
  [0x1b9, 'CKR_PUBLIC_KEY_INVALID', 'unsupported'],
  [0x200, 'CKR_FUNCTION_REJECTED', 'cancelled'],
];

const table: ReadonlyMap<number, Code> = new Map(codes.map((code) => [code[0], code]));

/** `name` is for the log: a CKR_ name, or what pkcs11js calls an error that is no return value. */
export type Failure = { fault: Fault; name: string };

export function translateError(error: unknown): Failure {
  // C_FindObjects bypasses pkcs11js's own wrapping, so the plain "CKR_X:48" is read as well.
  const [, name, digits] = /(CKR_[A-Z0-9_]+)(?::(\d+))?/.exec(error instanceof Error ? error.message : '') ?? [];
  if (name === undefined) return { fault: 'other', name: 'not_a_return_value' };
  const found = table.get(digits === undefined ? codeOf(error) : Number(digits));
  return found === undefined ? { fault: 'other', name } : { fault: found[2], name: found[1] };
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : -1;
}
