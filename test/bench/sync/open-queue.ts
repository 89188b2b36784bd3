import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { PublicJwk } from '../../../contract/key-set.ts';
import { systemClock } from '../../../electron/clock.ts';
import { type OpenOutbox, openOutbox } from '../../../electron/outbox/open-outbox.ts';
import type { Signer } from '../../../electron/outbox/room.ts';
import { signRaw } from '../../../electron/terminal/identity/sign-raw.ts';

/** What a terminal's queue is made of, as it is told from one process to another. */
export type TerminalParts = {
  folder: string;
  terminal: string;
  /** PEM. */
  privateKey: string;
  sealKey: { id: string; jwk: PublicJwk };
  receiptKey: { id: string; jwk: PublicJwk };
};

export function signerOf({ terminal, privateKey }: Pick<TerminalParts, 'terminal' | 'privateKey'>): Signer {
  const key = createPrivateKey(privateKey);
  const publicJwk = createPublicKey(key).export({ format: 'jwk' }) as PublicJwk;
  return { terminal, publicJwk, sign: (bytes) => signRaw(key, bytes) };
}

/** The real one, as electron/wiring/open-queue.ts opens it. */
export function openQueue(parts: TerminalParts): OpenOutbox {
  const { folder, sealKey } = parts;
  return openOutbox({ folder, identity: signerOf(parts), sealKey: () => sealKey, clock: systemClock, reserveMebibytes: 0, keepDays: 30 });
}
