import { X509Certificate } from 'node:crypto';
import { CompactSign, importJWK } from 'jose';
import * as z from 'zod';
import { type CheckKeys, type TerminalKeys, terminalKeysType } from '../../contract/check-keys.ts';
import { PublicJwk } from '../../contract/key-set.ts';
import type { SignedKeySet } from '../keys/key-set.ts';
import type { DatedKey } from '../keys/keys-file.ts';
import type { Queries } from '../store/database.ts';

const Row = z.object({ terminal: z.string(), certificate: z.instanceof(Uint8Array), withdrawn_at: z.date().nullable() });
const Exported = z.object(PublicJwk.shape);

/** A key is withdrawn when its terminal is revoked, or when every certificate over it is, because the terminal was enrolled anew. */
async function listTerminalKeys(queries: Queries): Promise<TerminalKeys['terminals']> {
  const rows = await queries.query(
    `SELECT DISTINCT ON (c.terminal, c.key_id) c.terminal, c.certificate,
       CASE WHEN bool_and(c.revoked_at IS NOT NULL) OVER one_key THEN max(c.revoked_at) OVER one_key
            WHEN t.standing = 'revoked' THEN t.standing_since END AS withdrawn_at
     FROM terminal_certificate c JOIN terminal t ON t.terminal = c.terminal
     WINDOW one_key AS (PARTITION BY c.terminal, c.key_id) ORDER BY c.terminal, c.key_id, c.not_before`,
  );
  const terminals = new Map<string, TerminalKeys['terminals'][number]>();
  for (const raw of rows) {
    const { terminal, certificate, withdrawn_at: withdrawnAt } = Row.parse(raw);
    const known = terminals.get(terminal) ?? { terminal, keys: [] };
    const jwk = Exported.parse(new X509Certificate(certificate).publicKey.export({ format: 'jwk' }));
    known.keys.push({ jwk, withdrawnAt: withdrawnAt?.toISOString() ?? null });
    terminals.set(terminal, known);
  }
  return [...terminals.values()];
}

export type CheckKeysParts = {
  database: Queries;
  keySet: Pick<SignedKeySet, 'jws' | 'publicJwk'>;
  /** The one that signs now. */
  receiptKey: () => DatedKey;
  now: () => Date;
};

/** As JSON. Made anew at most once a minute: it is for everybody, and the same for all. */
export function createCheckKeys({ database, keySet, receiptKey, now }: CheckKeysParts): () => Promise<string> {
  let known: { at: number; json: Promise<string> } | null = null;

  async function make(): Promise<string> {
    const list: TerminalKeys = { issuedAt: now().toISOString(), terminals: await listTerminalKeys(database) };
    const { id: kid, privateJwk } = receiptKey();
    const terminalKeys = await new CompactSign(new TextEncoder().encode(JSON.stringify(list)))
      .setProtectedHeader({ alg: 'ES256', typ: terminalKeysType, kid })
      .sign(await importJWK(privateJwk, 'ES256'));
    return JSON.stringify({ keySetKey: keySet.publicJwk, keySet: keySet.jws, terminalKeys } satisfies CheckKeys);
  }

  return async () => {
    const at = now().getTime();
    if (known !== null && at >= known.at && at - known.at < 60_000) return await known.json;
    const made = { at, json: make() };
    known = made;
    made.json.catch(() => {
      if (known === made) known = null;
    });
    return await made.json;
  };
}
