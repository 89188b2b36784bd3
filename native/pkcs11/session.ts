import pkcs11js from 'pkcs11js';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { type Failure, translateError } from './codes.ts';
import { type CardFile, type CertificateLabel, ignoreFailure, readCertificateObject, readFileObject } from './objects.ts';
import { type SigningFailure, type SigningFunctions, type SigningOrder, signOnce } from './sign-once.ts';

export type { CardFile, CertificateLabel, KeyLabel } from './objects.ts';
export { filesInReadingOrder } from './objects.ts';
export type { SigningFailure, SigningOrder } from './sign-once.ts';

/** What the token says of itself. */
export type Token = {
  /** 0x11, 0x17 or 0x18; anything else has no keys (CL:pkcs15.cpp SetKeys). */
  applet: number;
  /** The reader has keys of its own (CKF_PROTECTED_AUTHENTICATION_PATH). */
  pinpad: boolean;
  /** The library was built with its own PIN dialog: without CKF_LOGIN_REQUIRED (P:cal.cpp cal_get_token_info, NO_DIALOGS). */
  dialogs: boolean;
  /** The last 16 hexadecimal digits of the chip number (P:cal.cpp cal_get_token_info); empty where the module gives none. */
  serial: string;
};

export type CardSession = {
  /** The bytes of a raw file; null when the card carries no such file. */
  readFile(file: CardFile): Result<Buffer | null, Failure>;
  /** DER; null when the card carries no such certificate. */
  readCertificate(label: CertificateLabel): Result<Buffer | null, Failure>;
  readToken(): Result<Token, Failure>;
  /**
   * Whether the card that this session was opened on is still in: `gone` for ever once it was out, however short, also
   * with a card in again (P:cal.cpp cal_validate_session). So one call a poll notices removal and swap alike; C_GetSlotInfo
   * is as cheap, but sees the next card as if nothing had happened.
   */
  checkPresence(): Result<null, Failure>;
  /** See sign-once.ts. That it was this session's card is proven by a `checkPresence` afterwards. */
  sign(order: SigningOrder): Result<Buffer, SigningFailure>;
  /** Safe to call again: the handle is given back once only. */
  close(): void;
};

/** The functions of a module that a session needs. */
export type SessionFunctions = SigningFunctions & Pick<pkcs11js.PKCS11, 'C_CloseAllSessions' | 'C_GetSessionInfo' | 'C_GetTokenInfo'>;

/** Throws what pkcs11js throws. A read-only session: nothing here writes to a card. */
export function openCardSession(module: SessionFunctions, slot: Buffer): CardSession {
  let handle: Buffer | null = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
  const closed: Failure = { fault: 'gone', name: 'session_closed' };

  const using = <T>(call: (session: Buffer) => T): Result<T, Failure> => {
    if (handle === null) return refuse(closed);
    try {
      return ok(call(handle));
    } catch (error) {
      const failure = translateError(error);
      return refuse(isAnotherCard(failure) ? { ...failure, fault: 'gone' } : failure);
    }
  };

  return {
    readFile: (file) => using((session) => readFileObject(module, session, file)),
    readCertificate: (label) => using((session) => readCertificateObject(module, session, label)),
    readToken: () => using(() => readToken(module, slot)),
    checkPresence: () =>
      using((session) => {
        module.C_GetSessionInfo(session);
        return null;
      }),
    sign(order) {
      const own = handle;
      if (own === null) return refuse({ ...closed, at: 'before' });
      return signOnce(module, slot, order, () => module.C_GetSessionInfo(own));
    },
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

/**
 * In a session these say that its card is gone as well: a bank card in its place, for which the library does not even
 * invalidate the session (P:cal.cpp cal_update_token returns before it would), or its reader is out of the list.
 */
function isAnotherCard({ fault }: Failure): boolean {
  return fault === 'not_recognised' || fault === 'no_such_slot';
}

function readToken(module: SessionFunctions, slot: Buffer): Token {
  const { flags, firmwareVersion, serialNumber } = module.C_GetTokenInfo(slot);
  return {
    applet: firmwareVersion.major,
    pinpad: (flags & pkcs11js.CKF_PROTECTED_AUTHENTICATION_PATH) !== 0,
    dialogs: (flags & pkcs11js.CKF_LOGIN_REQUIRED) === 0,
    serial: serialNumber.replaceAll('\0', '').trim(),
  };
}
