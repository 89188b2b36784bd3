import * as z from 'zod';
import type { Queries } from '../store/database.ts';
import type { Target } from './find-target.ts';
import { sha256 } from './names.ts';
import { type ListWanted, type RevocationList, readList } from './read-list.ts';

export type KnownList = { list: RevocationList; fetchedAt: number };

export type KnownLists = {
  /** The newest list that may still be used, from memory or from the database. */
  find(target: Target, url: string): Promise<KnownList | null>;
  keep(target: Target, url: string, list: RevocationList): Promise<void>;
};

const Row = z.object({ list: z.instanceof(Uint8Array), fetched_at: z.date() });

/** Of all lists in one instance's memory; the one used longest ago leaves first, and is still in the database. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Lists are public and hold serials only, so they are kept whole in the database, under their issuer and address. What
 * comes out of it is judged again, signature included: it is a cache and vouches for nothing.
 */
export function createKnownLists(parts: { database: Queries; now: () => Date }): KnownLists {
  const { database, now } = parts;
  const inMemory = new Map<string, KnownList>();

  function remember(key: string, known: KnownList): KnownList {
    inMemory.delete(key);
    inMemory.set(key, known);
    let size = 0;
    for (const { list } of inMemory.values()) size += list.bytes.length;
    for (const [oldest, { list }] of inMemory) {
      if (size <= mostBytes || oldest === key) break;
      inMemory.delete(oldest);
      size -= list.bytes.length;
    }
    return known;
  }

  async function load(key: string, wanted: ListWanted): Promise<KnownList | null> {
    const [raw] = await database.query(`SELECT list, fetched_at FROM revocation_list WHERE issuer_and_url_sha256 = decode($1, 'hex')`, [
      key,
    ]);
    if (raw === undefined) return null;
    const row = Row.parse(raw);
    const list = readList(new Uint8Array(row.list), wanted, now());
    return list.ok ? { list: list.value, fetchedAt: row.fetched_at.getTime() } : null;
  }

  return {
    async find(target, url) {
      const key = listKey(target, url);
      const known = inMemory.get(key) ?? (await load(key, wantedOf(target, url)));
      if (known === null) return null;
      if (known.list.usableUntil > now().getTime()) return remember(key, known);
      inMemory.delete(key);
      return null;
    },

    async keep(target, url, list) {
      const key = listKey(target, url);
      remember(key, { list, fetchedAt: now().getTime() });
      await database.query(
        `INSERT INTO revocation_list (issuer_and_url_sha256, list, this_update, fetched_at)
         VALUES (decode($1, 'hex'), $2, $3::timestamptz, $4::timestamptz)
         ON CONFLICT (issuer_and_url_sha256) DO UPDATE SET list = excluded.list, this_update = excluded.this_update, fetched_at = excluded.fetched_at
         WHERE excluded.this_update >= revocation_list.this_update`,
        [key, list.bytes, list.thisUpdate.toISOString(), now().toISOString()],
      );
    },
  };
}

export function wantedOf({ issuerKey, issuerName, isCa }: Target, url: string): ListWanted {
  return { key: issuerKey, issuerName, url, forCa: isCa };
}

/** Who must have signed it, for which certificates, and where it is. */
export function listKey({ issuerKeyBits, issuerName, isCa }: Target, url: string): string {
  return sha256(sha256(issuerKeyBits), sha256(issuerName), isCa ? 'ca' : 'leaf', url).toString('hex');
}
