import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { lockFile } from '../store/folder-lock.ts';
import { signKeySet } from './key-set.ts';
import { isWhole, type KeysFile, PrivateJwk, publicHalf, toKeySet } from './keys-file.ts';
import { makeDatedKey, setDays } from './make-keys.ts';
import { readKeysFile } from './read-keys-file.ts';
import { writeSecret } from './write-secret.ts';

const hour = 3_600_000;
const day = 24 * hour;
/**
 * From when on a new key is used. Within it every instance reads the file anew and every terminal with a line gets the set:
 * nobody seals to a key that an instance does not have, or gets a receipt by one that it has not heard of.
 */
const headStart = 24 * hour;

export const rotated = ['seal', 'receipt', 'bundle'] as const;
export type Rotated = (typeof rotated)[number];

/** `from`: when they are used. */
export type NewKeys = { ids: Partial<Record<Rotated, string>>; from: Date };

/**
 * New keys, and a key set that names them. Older ones stay in the file for good. Seal keys, because records sealed to them may
 * come months later. Receipt keys, because what they signed is verified for years. Of each kind the set names the newest
 * (`named` in keys-file.ts). A terminal that was away takes the set first, then receipts and bundles by the new keys.
 * @param keySetKey path of the private JWK of the key set, where it is kept apart; used and not stored
 */
export async function rotateKeys(
  path: string,
  keySetKey: string | null,
  now: Date,
  kinds: readonly Rotated[] = rotated,
): Promise<Result<NewKeys, string>> {
  // Of two that read the same file, one would write over the other's keys.
  const lock = await lockFile(`${path}.rotating`);
  if (!lock.ok) return refuse('Another rotation of these keys is under way. Nothing was changed: try again when it is done.');
  try {
    return await rotateAlone(path, keySetKey, now, kinds);
  } finally {
    await lock.value();
  }
}

async function rotateAlone(path: string, keySetKey: string | null, now: Date, kinds: readonly Rotated[]): Promise<Result<NewKeys, string>> {
  const file = await readKeysFile(path);
  if (!file.ok) return file;
  const signer = await findSigner(file.value, keySetKey);
  if (!signer.ok) return signer;
  const from = new Date(now.getTime() + headStart);
  const next: KeysFile = {
    ...file.value,
    serial: file.value.serial + 1,
    issuedAt: now.toISOString(),
    nextUpdate: new Date(now.getTime() + setDays * day).toISOString(),
  };
  const ids: Partial<Record<Rotated, string>> = {};
  for (const kind of kinds) {
    const key = makeDatedKey(kind, from);
    next[kind] = [...next[kind], key];
    ids[kind] = key.id;
  }
  const kept = file.value.keySet.privateJwk !== undefined;
  const keySet = kept ? next.keySet : { ...next.keySet, signed: await signKeySet(toKeySet(next), signer.value) };
  await writeSecret(path, `${JSON.stringify({ ...next, keySet }, null, 2)}\n`);
  return ok({ ids, from });
}

async function findSigner({ keySet }: KeysFile, path: string | null): Promise<Result<PrivateJwk, string>> {
  if (keySet.privateJwk !== undefined) return ok(keySet.privateJwk);
  if (path === null) return refuse('The key of the key set is kept apart: name its file with --key-set-key, for this once.');
  let key: PrivateJwk;
  try {
    key = PrivateJwk.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return refuse('The file named with --key-set-key is not there, or is not a private key (JWK).');
  }
  if (!isWhole(key) || !isDeepStrictEqual(publicHalf(key), publicHalf(keySet.publicJwk)))
    return refuse('The key named with --key-set-key is not the one that terminals pinned.');
  return ok(key);
}
