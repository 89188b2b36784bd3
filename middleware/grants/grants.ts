import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type Grant, GrantToken } from '../../contract/file.ts';
import type { Queries } from '../store/database.ts';
import { type Binding, openPerson, sealPerson } from './seal-person.ts';

/** Somebody who signed in, for this terminal and visit. `token` is of one request and kept nowhere. */
export type Granted = Binding & { token: string; ssin: string; expiresAt: Date };

export type Grants = {
  /** @param ssin whose certificate the sign-in proved */
  give(ssin: string, binding: Binding): Promise<Grant>;
  /** Null: never given, over, ended, or another terminal's or visit's. Nobody is told which. */
  find(token: string, binding: Binding): Promise<Granted | null>;
  /** The visit is over: all of it, also what other instances gave. */
  end(binding: Binding): Promise<void>;
  /** Calls `ended` when this instance is told that the visit is over. @returns stops listening */
  onEnd(binding: Binding, ended: () => void): () => void;
};

/** From the sign-in on. Nothing lengthens it: who stays longer signs in again. */
export const grantLifeMs = 10 * 60_000;

const Row = z.object({ person: z.instanceof(Uint8Array), expires_at: z.date() });

/** In the database, because a balancer may send each request to another instance. */
export function createGrants({ database, now }: { database: Queries; now: () => Date }): Grants {
  const listeners = new Map<string, Set<() => void>>();

  /** Those that are over go when the next one is given. Several instances may sweep at once: none waits for another. */
  async function sweep(): Promise<void> {
    await database.query(
      `DELETE FROM person_grant WHERE token_sha256 IN
         (SELECT token_sha256 FROM person_grant WHERE expires_at <= $1::timestamptz LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
      [now().toISOString()],
    );
  }

  return {
    async give(ssin, binding) {
      const token = randomBytes(32);
      const expiresAt = new Date(now().getTime() + grantLifeMs);
      await sweep();
      await database.query(
        `INSERT INTO person_grant (token_sha256, terminal, visit, expires_at, person) VALUES ($1, $2, $3::uuid, $4::timestamptz, $5)`,
        [hashToken(token), binding.terminal, binding.visit, expiresAt.toISOString(), sealPerson(token, ssin, binding)],
      );
      return { token: token.toString('base64url'), expiresInMs: grantLifeMs };
    },

    async find(text, binding) {
      if (!GrantToken.safeParse(text).success) return null;
      const token = Buffer.from(text, 'base64url');
      const [raw] = await database.query(
        `SELECT person, expires_at FROM person_grant
         WHERE token_sha256 = $1 AND terminal = $2 AND visit = $3::uuid AND expires_at > $4::timestamptz`,
        [hashToken(token), binding.terminal, binding.visit, now().toISOString()],
      );
      if (raw === undefined) return null;
      const row = Row.parse(raw);
      const ssin = openPerson(token, row.person, binding);
      return ssin === null ? null : { ...binding, token: text, ssin, expiresAt: row.expires_at };
    },

    async end(binding) {
      await database.query('DELETE FROM person_grant WHERE terminal = $1 AND visit = $2::uuid', [binding.terminal, binding.visit]);
      for (const ended of [...(listeners.get(nameOf(binding)) ?? [])]) ended();
    },

    onEnd(binding, ended) {
      const name = nameOf(binding);
      const here = listeners.get(name) ?? new Set();
      listeners.set(name, here.add(ended));
      return () => {
        here.delete(ended);
        if (here.size === 0) listeners.delete(name);
      };
    },
  };
}

function hashToken(token: Uint8Array): Buffer {
  return createHash('sha256').update(token).digest();
}

function nameOf({ terminal, visit }: Binding): string {
  return `${terminal} ${visit}`;
}
