import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { GrantToken } from '../../contract/file.ts';
import type { ItemSheet } from '../../contract/item-sheet.ts';
import { Language } from '../../contract/language.ts';
import type { Queries } from '../store/database.ts';

export type Handovers = {
  /** @returns the token: nothing here can open the page without it */
  give(sheet: ItemSheet): Promise<string>;
  /** Once. Null: never given, over, or taken already; nobody is told which. */
  take(token: string): Promise<ItemSheet | null>;
};

/** Time enough to take a telephone out of a bag. */
export const handoverLifeMs = 5 * 60_000;

const lengths = { nonce: 12, tag: 16 } as const;
const Row = z.object({ page: z.instanceof(Uint8Array) });
const Sheet = z.object({
  language: Language,
  title: z.string(),
  rows: z.array(z.object({ name: z.string(), value: z.string() })),
  foot: z.string(),
});

/** In the database, because a balancer may send the telephone to another instance. */
export function createHandovers({ database, now }: { database: Queries; now: () => Date }): Handovers {
  return {
    async give(sheet) {
      const token = randomBytes(32);
      const expiresAt = new Date(now().getTime() + handoverLifeMs);
      await database.query('DELETE FROM handover WHERE expires_at <= $1::timestamptz', [now().toISOString()]);
      await database.query('INSERT INTO handover (token_sha256, expires_at, page) VALUES ($1, $2::timestamptz, $3)', [
        hash(token),
        expiresAt.toISOString(),
        seal(token, JSON.stringify(sheet)),
      ]);
      return token.toString('base64url');
    },
    async take(text) {
      if (!GrantToken.safeParse(text).success) return null;
      const token = Buffer.from(text, 'base64url');
      // One statement: of two telephones that come at once one finds it gone.
      const [raw] = await database.query('DELETE FROM handover WHERE token_sha256 = $1 AND expires_at > $2::timestamptz RETURNING page', [
        hash(token),
        now().toISOString(),
      ]);
      return raw === undefined ? null : Sheet.parse(JSON.parse(open(token, Row.parse(raw).page)));
    },
  };
}

function hash(token: Uint8Array): Buffer {
  return createHash('sha256').update(token).digest();
}

function keyOf(token: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', token, '', 'loket/handover/page/1', 32));
}

function seal(token: Uint8Array, text: string): Buffer {
  const nonce = randomBytes(lengths.nonce);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
}

function open(token: Uint8Array, sealed: Uint8Array): string {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), sealed.subarray(0, lengths.nonce));
  decipher.setAuthTag(sealed.subarray(-lengths.tag));
  return Buffer.concat([decipher.update(sealed.subarray(lengths.nonce, -lengths.tag)), decipher.final()]).toString('utf8');
}
