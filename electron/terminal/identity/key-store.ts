/**
 * Where the terminal's secrets rest: with the operating system (DPAPI, Keychain, libsecret, KWallet), or in a file that
 * only the service's user reads. Neither protects against other programs of the same user; the first helps against
 * whoever takes the disk. The operator's page shows which one it is.
 */
export type KeyStore = {
  kind: 'system' | 'file';
  protect(secret: string): Uint8Array;
  /** Throws when it cannot be read any more: another user, another machine. */
  reveal(stored: Uint8Array): string;
};

export const fileKeyStore: KeyStore = {
  kind: 'file',
  protect: (secret) => Buffer.from(secret, 'utf8'),
  reveal: (stored) => Buffer.from(stored).toString('utf8'),
};

/** The part of Electron's `safeStorage` that is used. */
export type SafeStorage = {
  isEncryptionAvailable(): boolean;
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(bytes: Buffer): string;
};

/** Linux without a keyring falls back to a password that stands in the source code: that is a file, and called one. */
export function chooseKeyStore(storage: SafeStorage, platform: NodeJS.Platform): KeyStore {
  if (!storage.isEncryptionAvailable()) return fileKeyStore;
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(storage.getSelectedStorageBackend?.() ?? 'unknown')) return fileKeyStore;
  return {
    kind: 'system',
    protect: (secret) => storage.encryptString(secret),
    reveal: (stored) => storage.decryptString(Buffer.from(stored)),
  };
}
