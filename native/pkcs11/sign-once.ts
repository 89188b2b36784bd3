import pkcs11js from 'pkcs11js';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { type Failure, translateError } from './codes.ts';
import { findPrivateKey, ignoreFailure, type KeyLabel, type ObjectFunctions } from './objects.ts';

export type SigningFunctions = ObjectFunctions &
  Pick<pkcs11js.PKCS11, 'C_OpenSession' | 'C_CloseSession' | 'C_Login' | 'C_Logout' | 'C_SignInit' | 'C_Sign'>;

export type SigningOrder = {
  key: KeyLabel;
  /** What the key gets as it is: a hash for EC, a DigestInfo for RSA. */
  data: Buffer;
  kind: 'ec' | 'rsa';
  /**
   * `null`: no C_Login. The PIN, or '' to have it typed on the reader's own keys. A string because pkcs11js takes nothing
   * else: it cannot be overwritten, only dropped.
   */
  pin: string | null;
};

/** `at`: how far it came. From `login` on the card may have counted an entry. */
export type SigningFailure = Failure & { at: 'before' | 'login' | 'signing' };

/** More than any signature here (96 or 256 bytes): too small a buffer leaves the operation open (P:sign.c). */
const roomForSignature = 512;

/**
 * One signature in a session of its own, beside the one that holds the card: the Card key leaves its operation open for
 * ever (P:sign.c:728-732), and only closing the session ends that; the other session meanwhile keeps the library's cache
 * and tells whether the card is still the same: `guard` throws when it is not. Signs once, logs in once: never again
 * after a failure.
 */
export function signOnce(module: SigningFunctions, slot: Buffer, order: SigningOrder, guard: () => void): Result<Buffer, SigningFailure> {
  let at: SigningFailure['at'] = 'before';
  let session: Buffer | null = null;
  try {
    session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
    const key = findPrivateKey(module, session, order.key);
    if (key === null) return refuse({ fault: 'unsupported', name: 'no_such_key', at });
    // This session may have been opened on the next person's card: if the card was still in now, it was its card; if it is
    // swapped from now on, this session is dead as well. So no PIN reaches another card.
    guard();
    if (order.pin !== null) {
      at = 'login';
      logIn(module, session, order.pin);
    }
    at = 'signing';
    module.C_SignInit(session, { mechanism: order.kind === 'ec' ? pkcs11js.CKM_ECDSA : pkcs11js.CKM_RSA_PKCS }, key);
    return ok(Buffer.from(module.C_Sign(session, order.data, Buffer.alloc(roomForSignature))));
  } catch (error) {
    return refuse({ ...translateError(error), at });
  } finally {
    if (session !== null) giveBack(module, session, order.pin !== null);
  }
}

/**
 * C_Login answers CKR_OK unchecked as long as the slot thinks that somebody is logged in, whatever the PIN and whoever's
 * card (P:session.c:349). C_Logout first makes the slot forget that; where nobody is, it sends the card nothing.
 */
function logIn(module: SigningFunctions, session: Buffer, pin: string): void {
  ignoreFailure(() => module.C_Logout(session));
  module.C_Login(session, pkcs11js.CKU_USER, pin);
}

/** The PIN's state is the card's, for every process (measured): it is taken back here, also after a failure. */
function giveBack(module: SigningFunctions, session: Buffer, loggedIn: boolean): void {
  if (loggedIn) ignoreFailure(() => module.C_Logout(session));
  ignoreFailure(() => module.C_CloseSession(session));
}
