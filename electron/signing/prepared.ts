import type { Result } from '../../contract/result.ts';

/** A document whose every byte is fixed: what is shown, and the hash of what the card is to sign. */
export type Prepared<T> = {
  digest: Uint8Array;
  /** The document with its signature; verified before it is given out. `signature`: as the card gives it. */
  finish(signature: Uint8Array): Result<T, 'does_not_verify'>;
};

/**
 * `certificate`: one of the two is none, or its key is none that signs documents. `does_not_fit`: these certificates are
 * longer than the room kept for them.
 */
export type Unprepared = 'certificate' | 'does_not_fit';
