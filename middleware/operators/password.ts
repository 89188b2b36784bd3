import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's advice for scrypt (Password Storage Cheat Sheet): 32 MiB, three times over. */
const cost = { N: 2 ** 15, r: 8, p: 3 } as const;
/** For a password that nobody chose, of 100 random bits: there is nothing to try. */
export const lowCost = { N: 2 ** 10, r: 8, p: 1 } as const;
const room = 64 * 1024 * 1024;
const bytes = 32;

export const passwordLimits = { least: 12, most: 200 } as const;

/** `scrypt$N$r$p$salt$hash`: a later version may ask for more and still knows these. */
export async function hashPassword(password: string, { N, r, p }: { N: number; r: number; p: number } = cost): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, { N, r, p });
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** @param stored null where there is no such operator: as long an answer, so that nobody learns names by the clock */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, N, r, p, salt, hash] = (stored ?? '').split('$');
  if (kind !== 'scrypt' || salt === undefined || hash === undefined) {
    await derive(password, randomBytes(16), cost);
    return false;
  }
  const expected = Buffer.from(hash, 'base64url');
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return given.length === expected.length && timingSafeEqual(given, expected);
}

let last: Promise<unknown> = Promise.resolve();

/** One at a time: a rush of sign-ins takes time, not all the memory. */
async function derive(password: string, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  const turn = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, bytes, { ...options, maxmem: room }, (error, key) =>
          error === null ? resolve(key) : reject(error),
        );
      }),
  );
  last = turn.catch(() => undefined);
  return await turn;
}

const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** 100 random bits, in groups that can be read out: `7m4q-29xd-…`. */
export function makePassword(): string {
  return writePassword(randomBytes(20));
}

/** @param chance 20 bytes; the lower five bits of each count */
export function writePassword(chance: Uint8Array): string {
  const signs = Array.from(chance.subarray(0, 20), (byte) => letters.charAt(byte & 31)).join('');
  return signs.match(/.{4}/g)?.join('-') ?? signs;
}
