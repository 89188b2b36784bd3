import pkcs11js from 'pkcs11js';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { type Failure, translateError } from './codes.ts';
import { findLoadCause } from './load-cause.ts';
import { type CardSession, openCardSession, type SessionFunctions } from './session.ts';

/** CKF_TOKEN_PRESENT, which pkcs11js does not name. */
const tokenPresent = 1;

export type ModuleFunctions = SessionFunctions &
  Pick<pkcs11js.PKCS11, 'load' | 'close' | 'C_Initialize' | 'C_Finalize' | 'C_GetInfo' | 'C_GetSlotList' | 'C_GetSlotInfo'>;

export type Slot = { id: Buffer; key: string };

/** A loaded and initialised PKCS#11 module. Every call is synchronous and may block for as long as the card does. */
export type Library = {
  description: string;
  /** The virtual card names itself in C_GetInfo (native/virtual-card): for demo and test alone. */
  isVirtualCard: boolean;
  /** All slots, after a look for readers that came or went. With a session open, a changed list breaks it (P:cal.cpp:2634). */
  listSlots(): Result<Slot[], Failure>;
  /** C_GetSlotInfo: whether an eID is in. A foreign card answers "no" like an empty slot, only 9,000 times slower. */
  lookAtSlot(slot: Slot): Result<boolean, Failure>;
  /** C_GetTokenInfo, for its return value alone. */
  askToken(slot: Slot): Result<null, Failure>;
  openSession(slot: Slot): Result<CardSession, Failure>;
  /** C_Finalize and C_Initialize: the only cure of a library that ran out of card handles. Sessions do not survive it. */
  restart(): Result<null, Failure>;
  /** Ends the library; it takes no call any more. */
  finish(): void;
};

const virtualCardMaker = 'Loket demo and test';

/**
 * Loads and initialises a module. One library per process and one C_Initialize per library: a second one anywhere in the
 * process is refused with 0x191, and its C_Finalize would end the first (P:general.c). A failure's `name` is a LoadCause when
 * the file does not load, else the return value of C_Initialize or C_GetInfo.
 */
export function loadLibrary(path: string, module: ModuleFunctions = new pkcs11js.PKCS11()): Result<Library, Failure> {
  try {
    module.load(path);
  } catch (error) {
    return refuse({ fault: 'other', name: findLoadCause(error) });
  }
  const loaded = attempt(() => {
    initialise(module);
    return module.C_GetInfo();
  });
  if (!loaded.ok) return loaded;
  const info = loaded.value;
  return ok({
    isVirtualCard: info.manufacturerID.trim() === virtualCardMaker,
    description: `${info.libraryDescription.trim()} ${info.libraryVersion.major}.${info.libraryVersion.minor}`,
    listSlots: () => attempt(() => module.C_GetSlotList(false).map((id) => ({ id, key: id.toString('hex') }))),
    lookAtSlot: (slot) => attempt(() => (module.C_GetSlotInfo(slot.id).flags & tokenPresent) !== 0),
    askToken: (slot) =>
      attempt(() => {
        module.C_GetTokenInfo(slot.id);
        return null;
      }),
    openSession: (slot) => attempt(() => openCardSession(module, slot.id)),
    restart: () =>
      attempt(() => {
        finalise(module);
        initialise(module);
        return null;
      }),
    finish() {
      finalise(module);
      attempt(() => module.close());
    },
  });
}

/** Never without CKF_OS_LOCKING_OK: C_Initialize(NULL) means no locking at all (P:pkcs11util.cpp:74). */
function initialise(module: ModuleFunctions): void {
  try {
    module.C_Initialize({ flags: pkcs11js.CKF_OS_LOCKING_OK });
  } catch (error) {
    if (translateError(error).fault !== 'already_initialised') throw error;
  }
}

/** A library that refuses to end, or has not begun, is initialised anew all the same. */
function finalise(module: ModuleFunctions): void {
  attempt(() => module.C_Finalize());
}

export function attempt<T>(call: () => T): Result<T, Failure> {
  try {
    return ok(call());
  } catch (error) {
    return refuse(translateError(error));
  }
}
