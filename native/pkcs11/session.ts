import pkcs11js from 'pkcs11js';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { type Failure, translateError } from './codes.ts';

/**
 * The raw files, in the order that costs least: DF01 first, then rncert, which lies in DF00; changing folder costs the
 * card some 40 ms. OBJECT_ID picks the file the library reads; the label alone would
 * make it read the whole card (P:object.c SetParseFlagByLabel), and no template at all would read it again and again.
 */
const objects = {
  identity: { id: 'id', label: 'DATA_FILE' },
  identitySignature: { id: 'sign_data_file', label: 'SIGN_DATA_FILE' },
  address: { id: 'address', label: 'ADDRESS_FILE' },
  addressSignature: { id: 'sign_address_file', label: 'SIGN_ADDRESS_FILE' },
  photo: { id: 'photo', label: 'PHOTO_FILE' },
  certificate: { id: 'rncert', label: 'CERT_RN_FILE' },
} as const;

export type CardFile = keyof typeof objects;
export const filesInReadingOrder: readonly CardFile[] = [
  'identity',
  'identitySignature',
  'address',
  'addressSignature',
  'photo',
  'certificate',
];

export type CardSession = {
  /** The bytes of a raw file; null when the card carries no such file. */
  readFile(file: CardFile): Result<Buffer | null, Failure>;
  /**
   * Whether the card that this session was opened on is still in: `gone` for ever once it was out, however short, also
   * with a card in again (P:cal.cpp cal_validate_session). So one call a poll notices removal and swap alike; C_GetSlotInfo
   * is as cheap, but sees the next card as if nothing had happened.
   */
  checkPresence(): Result<null, Failure>;
  /** Safe to call again: the handle is given back once only. */
  close(): void;
};

/** The functions of a module that a session needs. */
export type SessionFunctions = Pick<
  pkcs11js.PKCS11,
  | 'C_OpenSession'
  | 'C_CloseSession'
  | 'C_CloseAllSessions'
  | 'C_GetSessionInfo'
  | 'C_FindObjectsInit'
  | 'C_FindObjects'
  | 'C_FindObjectsFinal'
  | 'C_GetAttributeValue'
>;

/** Throws what pkcs11js throws. A read-only session: nothing here writes to a card. */
export function openCardSession(module: SessionFunctions, slot: Buffer): CardSession {
  let handle: Buffer | null = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);

  const using = <T>(call: (session: Buffer) => T): Result<T, Failure> => {
    if (handle === null) return refuse({ fault: 'gone', name: 'session_closed' });
    try {
      return ok(call(handle));
    } catch (error) {
      return refuse(translateError(error));
    }
  };

  return {
    readFile: (file) => using((session) => readObject(module, session, objects[file])),
    checkPresence: () =>
      using((session) => {
        module.C_GetSessionInfo(session);
        return null;
      }),
    close() {
      const closing = handle;
      if (closing === null) return;
      // Forgotten before it is closed: closing a handle twice answers CKR_OK and tears down whoever has it by then
      // (P:session.c:144). C_CloseAllSessions then drops what the slot may still think of a log-in (P:session.c:349).
      handle = null;
      ignoreFailure(() => module.C_CloseSession(closing));
      ignoreFailure(() => module.C_CloseAllSessions(slot));
    },
  };
}

function readObject(module: SessionFunctions, session: Buffer, object: { id: string; label: string }): Buffer | null {
  const [found] = findObjects(module, session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
    { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from(object.id, 'ascii') },
    { type: pkcs11js.CKA_LABEL, value: Buffer.from(object.label, 'ascii') },
  ]);
  if (found === undefined) return null;
  const value = module.C_GetAttributeValue(session, found, [{ type: pkcs11js.CKA_VALUE }])[0]?.value;
  return value === undefined || value.length === 0 ? null : value;
}

function findObjects(module: SessionFunctions, session: Buffer, template: pkcs11js.Template): Buffer[] {
  try {
    module.C_FindObjectsInit(session, template);
    return module.C_FindObjects(session, 1);
  } finally {
    // Also after a C_FindObjectsInit that failed: the search may be open all the same, and the next one would be refused
    // with 0x90 (P:object.c:449). Where there is none to end, that says so, which is no news.
    ignoreFailure(() => module.C_FindObjectsFinal(session));
  }
}

function ignoreFailure(call: () => void): void {
  try {
    call();
  } catch {
    // What could not be given back is gone with its card.
  }
}
