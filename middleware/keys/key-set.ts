import { isDeepStrictEqual } from 'node:util';
import { CompactSign, compactVerify, importJWK } from 'jose';
import { KeySet, keySetType, type PublicJwk } from '../../contract/key-set.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { type KeysFile, type PrivateJwk, publicHalf, toKeySet } from './keys-file.ts';

/** `jws`: as terminals get it. `publicJwk`: what they pin. */
export type SignedKeySet = { jws: string; set: KeySet; publicJwk: PublicJwk };

/** Signed here, or elsewhere and checked here. The refusal is a sentence that names a setting, never its value. */
export async function prepareKeySet(keys: KeysFile): Promise<Result<SignedKeySet, string>> {
  const set = toKeySet(keys);
  const publicJwk = publicHalf(keys.keySet.publicJwk);
  const { privateJwk, signed } = keys.keySet;
  if (privateJwk !== undefined) {
    if (!isDeepStrictEqual(publicHalf(privateJwk), publicJwk))
      return refuse('The two halves of keySet in the file of keys do not belong together.');
    return ok({ jws: await signKeySet(set, privateJwk), set, publicJwk });
  }
  if (signed === undefined) return refuse('The file of keys has neither the private key of keySet nor the signed set.');
  const said = await readKeySet(signed, publicJwk);
  if (said === null) return refuse('The signed set in the file of keys is not one, or is not signed with the key of keySet.');
  if (!isDeepStrictEqual(said, set))
    return refuse('The signed set in the file of keys does not say what the file says: sign it again with admin.ts keys rotate.');
  return ok({ jws: signed, set, publicJwk });
}

export async function signKeySet(set: KeySet, privateJwk: PrivateJwk): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(set));
  return await new CompactSign(payload).setProtectedHeader({ alg: 'ES256', typ: keySetType }).sign(await importJWK(privateJwk, 'ES256'));
}

async function readKeySet(jws: string, publicJwk: PublicJwk): Promise<KeySet | null> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(publicJwk, 'ES256'), { algorithms: ['ES256'] });
    return protectedHeader.typ === keySetType ? KeySet.parse(JSON.parse(new TextDecoder().decode(payload))) : null;
  } catch {
    return null;
  }
}
