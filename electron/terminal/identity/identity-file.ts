import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { TerminalId } from '../../../contract/ids.ts';
import { PublicJwk } from '../../../contract/key-set.ts';
import { writeWhole } from '../../store/write-whole.ts';
import type { KeyStore } from './key-store.ts';

const Secrets = z.object({ privateKey: z.string(), operatorSecret: z.string() });
const Stored = z.object({
  version: z.literal(1),
  terminal: TerminalId,
  certificates: z.array(z.base64()).min(1),
  /** PEM of the pinned root. */
  root: z.string(),
  keySetKey: PublicJwk,
  /** As enrolment gave it; newer ones are kept by whoever fetches them. */
  keySet: z.string(),
  keyStore: z.enum(['system', 'file']),
  /** `Secrets` as JSON, as the key store keeps it, base64. */
  secrets: z.base64(),
});

/** What enrolment gave, and the private key. */
export type IdentityRecord = Omit<z.infer<typeof Stored>, 'version' | 'keyStore' | 'secrets'> & z.infer<typeof Secrets>;

export type ReadIdentity =
  | { state: 'none' }
  | { state: 'unreadable' }
  | { state: 'there'; record: IdentityRecord; keyStore: KeyStore['kind'] };

const nameOf = (folder: string) => join(folder, 'identity.json');
const pendingOf = (folder: string) => join(folder, 'pending-key');

/** One file, written whole: a key never stands beside the certificate of another. Throws when the disk refuses. */
export function writeIdentity(folder: string, record: IdentityRecord, keyStore: KeyStore): void {
  const { privateKey, operatorSecret, ...open } = record;
  const secrets = Buffer.from(keyStore.protect(JSON.stringify({ privateKey, operatorSecret }))).toString('base64');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(nameOf(folder), JSON.stringify({ version: 1, ...open, keyStore: keyStore.kind, secrets } satisfies z.infer<typeof Stored>));
}

/** The key that enrolment is trying with: after a lost answer only the same key gets in with the same code. */
export function readPendingKey(folder: string, keyStore: KeyStore): string | null {
  try {
    return keyStore.reveal(readFileSync(pendingOf(folder)));
  } catch {
    return null;
  }
}

/** Throws when the disk refuses. */
export function writePendingKey(folder: string, privateKey: string, keyStore: KeyStore): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(pendingOf(folder), keyStore.protect(privateKey));
}

export function dropPendingKey(folder: string): void {
  rmSync(pendingOf(folder), { force: true });
}

/** `unreadable`: damaged, or kept by a keystore that is not here any more. The terminal has to be enrolled anew. */
export function readIdentity(folder: string, keyStores: readonly KeyStore[]): ReadIdentity {
  let text: string;
  try {
    text = readFileSync(nameOf(folder), 'utf8');
  } catch (error) {
    return { state: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'none' : 'unreadable' };
  }
  try {
    const { keyStore: kind, secrets, version: _, ...open } = Stored.parse(JSON.parse(text));
    const keyStore = keyStores.find((candidate) => candidate.kind === kind);
    if (keyStore === undefined) return { state: 'unreadable' };
    const revealed = Secrets.parse(JSON.parse(keyStore.reveal(Buffer.from(secrets, 'base64'))));
    return { state: 'there', keyStore: kind, record: { ...open, ...revealed } };
  } catch {
    return { state: 'unreadable' };
  }
}
