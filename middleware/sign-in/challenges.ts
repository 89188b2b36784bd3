import { createHash, randomBytes } from 'node:crypto';
import type { Queries } from '../store/database.ts';

export type GivenChallenge = { nonce: string; expiresAt: Date };

export type Challenges = {
  give(terminal: string): Promise<GivenChallenge>;
  /** Whether this nonce was given to this terminal and is still good; from then on it is not. */
  take(terminal: string, nonce: string): Promise<boolean>;
};

const lifeMs = 5 * 60_000;

/** In the database, because a balancer may send the answer to another instance than the one that asked. */
export function createChallenges({ database, now }: { database: Queries; now: () => Date }): Challenges {
  return {
    async give(terminal) {
      const nonce = randomBytes(32).toString('base64');
      const expiresAt = new Date(now().getTime() + lifeMs);
      // Those that nobody answered go when the next one is given. Several instances may sweep at once: none waits for another.
      await database.query(
        `DELETE FROM challenge WHERE nonce_sha256 IN
           (SELECT nonce_sha256 FROM challenge WHERE expires_at <= $1::timestamptz LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
        [now().toISOString()],
      );
      await database.query(`INSERT INTO challenge (nonce_sha256, terminal, expires_at) VALUES ($1, $2, $3::timestamptz)`, [
        hashNonce(nonce),
        terminal,
        expiresAt.toISOString(),
      ]);
      return { nonce, expiresAt };
    },

    // One statement: of two instances that are asked at once, one deletes the row and the other finds none.
    async take(terminal, nonce) {
      const taken = await database.query(
        `DELETE FROM challenge WHERE nonce_sha256 = $1 AND terminal = $2 RETURNING expires_at > $3::timestamptz AS good`,
        [hashNonce(nonce), terminal, now().toISOString()],
      );
      return taken[0]?.good === true;
    },
  };
}

export function hashNonce(nonce: string): Buffer {
  return createHash('sha256').update(nonce, 'utf8').digest();
}
