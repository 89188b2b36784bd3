import pkcs11js from 'pkcs11js';
import { translateError } from './codes.ts';

/**
 * Data objects by OBJECT_ID and label. OBJECT_ID picks the file the library reads; the label alone would make it read the
 * whole card (P:object.c SetParseFlagByLabel), and no template at all would read it again and again once a certificate
 * was searched for (P:object.c:491). So every search here names one object.
 */
const files = {
  identity: { id: 'id', label: 'DATA_FILE' },
  identitySignature: { id: 'sign_data_file', label: 'SIGN_DATA_FILE' },
  address: { id: 'address', label: 'ADDRESS_FILE' },
  addressSignature: { id: 'sign_address_file', label: 'SIGN_ADDRESS_FILE' },
  photo: { id: 'photo', label: 'PHOTO_FILE' },
  certificate: { id: 'rncert', label: 'CERT_RN_FILE' },
  /** The chip's own public key (applet 1.8). */
  basicKey: { id: 'basic_key_file', label: 'BASIC_KEY_FILE' },
  /** Wrong entries left (applet 1.8), as they were when the library connected to the card: stale after a wrong one. */
  pinCounter: { id: 'carddata', label: 'carddata_pin_counter' },
} as const;

export type CardFile = keyof typeof files;

/** DF01 first, then `rncert`, which lies in DF00: changing folder costs the card some 40 ms. */
export const filesInReadingOrder = ['identity', 'identitySignature', 'address', 'addressSignature', 'photo', 'certificate'] as const;

export type CertificateLabel = 'Authentication' | 'Signature' | 'CA';
/** `Card` is the chip's own key (applet 1.8): no certificate, no PIN. */
export type KeyLabel = 'Authentication' | 'Signature' | 'Card';

export type ObjectFunctions = Pick<pkcs11js.PKCS11, 'C_FindObjectsInit' | 'C_FindObjects' | 'C_FindObjectsFinal' | 'C_GetAttributeValue'>;

export function readFileObject(module: ObjectFunctions, session: Buffer, file: CardFile): Buffer | null {
  const { id, label } = files[file];
  return readValue(module, session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
    { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from(id, 'ascii') },
    { type: pkcs11js.CKA_LABEL, value: Buffer.from(label, 'ascii') },
  ]);
}

/** Null when the card carries no such certificate: a Kids-ID, or somebody who does not want them. */
export function readCertificateObject(module: ObjectFunctions, session: Buffer, label: CertificateLabel): Buffer | null {
  return readValue(module, session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
    { type: pkcs11js.CKA_LABEL, value: Buffer.from(label, 'ascii') },
  ]);
}

/** By label: CKA_ID is a native CK_ULONG, of 8 bytes here and 4 on Windows (P:p11.c p11_add_slot_object). */
export function findPrivateKey(module: ObjectFunctions, session: Buffer, label: KeyLabel): Buffer | null {
  return findOne(module, session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
    { type: pkcs11js.CKA_LABEL, value: Buffer.from(label, 'ascii') },
  ]);
}

/** CKA_VALUE alone: pkcs11js asks for its length, then for it. */
function readValue(module: ObjectFunctions, session: Buffer, template: pkcs11js.Template): Buffer | null {
  const found = findOne(module, session, template);
  if (found === null) return null;
  const value = module.C_GetAttributeValue(session, found, [{ type: pkcs11js.CKA_VALUE }])[0]?.value;
  return value === undefined || value.length === 0 ? null : value;
}

function findOne(module: ObjectFunctions, session: Buffer, template: pkcs11js.Template): Buffer | null {
  try {
    beginSearch(module, session, template);
    return module.C_FindObjects(session, 1)[0] ?? null;
  } finally {
    // Also after a C_FindObjectsInit that failed: the search may be open all the same, and the next one would be refused
    // with 0x90 (P:object.c:449). Where there is none to end, that says so, which is no news.
    ignoreFailure(() => module.C_FindObjectsFinal(session));
  }
}

/** A search that could not be ended is in the way of every next one: it is ended now. */
function beginSearch(module: ObjectFunctions, session: Buffer, template: pkcs11js.Template): void {
  try {
    module.C_FindObjectsInit(session, template);
  } catch (error) {
    if (translateError(error).fault !== 'operation_open') throw error;
    module.C_FindObjectsFinal(session);
    module.C_FindObjectsInit(session, template);
  }
}

/** For giving back: what could not be given back is gone with its card. */
export function ignoreFailure(call: () => void): void {
  try {
    call();
  } catch {
    // Nothing hangs on it.
  }
}
