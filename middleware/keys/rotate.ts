import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { signKeySet } from './key-set.ts';
import { isWhole, type KeysFile, PrivateJwk, publicHalf, toKeySet } from './keys-file.ts';
import { makeDatedKey, setDays } from './make-keys.ts';
import { readKeysFile } from './read-keys-file.ts';
import { writeSecret } from './write-secret.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Time to restart every instance with the new key before a terminal seals to it. */
const headStart = 24 * hour;

/**
 * A new seal key, and a key set that names it. Older keys stay in the file for good: records sealed to them may come months
 * later. The set names those that terminals may still use.
 * @param keySetKey path of the private JWK of the key set, where it is kept apart; used and not stored
 */
export async function rotateSealKey(
  path: string,
  keySetKey: string | null,
  now: Date,
): Promise<Result<{ id: string; from: Date }, string>> {
  const file = await readKeysFile(path);
  if (!file.ok) return file;
  const signer = await findSigner(file.value, keySetKey);
  if (!signer.ok) return signer;
  const from = new Date(now.getTime() + headStart);
  const key = makeDatedKey('seal', from);
  const next: KeysFile = {
    ...file.value,
    serial: file.value.serial + 1,
    issuedAt: now.toISOString(),
    nextUpdate: new Date(now.getTime() + setDays * day).toISOString(),
    seal: [...file.value.seal, key],
  };
  const kept = file.value.keySet.privateJwk !== undefined;
  const keySet = kept ? next.keySet : { ...next.keySet, signed: await signKeySet(toKeySet(next), signer.value) };
  await writeSecret(path, `${JSON.stringify({ ...next, keySet }, null, 2)}\n`);
  return ok({ id: key.id, from });
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
