import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import * as z from 'zod';
import type { LineNews } from '../../contract/wire.ts';
import { Refusal, type Request } from '../http/problem.ts';
import type { Database, Queries } from '../store/database.ts';
import { adoptCertificate } from './adopt-certificate.ts';
import { keyIdOf } from './key-id.ts';

export type Standing = LineNews['standing'];

export type Terminal = {
  id: string;
  standing: Standing;
  /** Of the certificate that this connection was made with. */
  keyId: string;
  publicKey: KeyObject;
  /** SHA-256 of that certificate. */
  certificate: Uint8Array;
};

export type Terminals = {
  /** Who made this TLS connection: it proved the key of its certificate. Null: nobody, or nobody that was enrolled here. */
  find(request: Request): Promise<Terminal | null>;
  /** As it was found on this connection the last time, if it was active then; what it is now, the database tells. */
  lastActive(request: Request): Terminal | null;
  /** Any enrolled terminal, held ones too: to deliver, to state losses, to ask about the line. Throws `noCertificate`. */
  requireAny(request: Request): Promise<Terminal>;
  /** Throws `noCertificate` or `heldTerminal`. */
  requireActive(request: Request): Promise<Terminal>;
};

const Row = z.object({
  terminal: z.string(),
  terminal_standing: z.enum(['active', 'revoked', 'forked']),
  not_after: z.date(),
  revoked: z.boolean(),
});
type Row = z.infer<typeof Row>;

/** Worst first: a revoked certificate stays revoked when it also expires. */
export function standingOf(row: Pick<Row, 'terminal_standing' | 'not_after' | 'revoked'>, now: Date): Standing {
  if (row.revoked || row.terminal_standing === 'revoked') return 'held_revoked';
  if (row.terminal_standing === 'forked') return 'held_forked';
  return row.not_after.getTime() <= now.getTime() ? 'held_expired' : 'active';
}

/** What a connection proved. It never changes, so it is read once for each. */
type Proven = { sha256: Buffer; certificate: X509Certificate; publicKey: KeyObject; keyId: string };

export function createTerminals(parts: { database: Database; terminalCa: X509Certificate; now: () => Date }): Terminals {
  const { database, terminalCa, now } = parts;
  const seen = new WeakMap<Socket, Proven | null>();
  const active = new WeakMap<Socket, Terminal>();

  function proven(socket: Socket): Proven | null {
    const known = seen.get(socket);
    if (known !== undefined) return known;
    const read = readCertificate(socket);
    seen.set(socket, read);
    return read;
  }

  async function find(request: Request): Promise<Terminal | null> {
    const shown = proven(request.raw.socket);
    if (shown === null) return null;
    const row = (await readRow(database, shown.sha256)) ?? (await readAdopted(shown));
    if (row === null) return null;
    const { keyId, sha256, publicKey } = shown;
    const terminal = { id: row.terminal, standing: standingOf(row, now()), keyId, publicKey, certificate: sha256 };
    if (terminal.standing === 'active') active.set(request.raw.socket, terminal);
    else active.delete(request.raw.socket);
    return terminal;
  }

  /** Not in the database, but issued here: the database is older than the certificate. */
  async function readAdopted({ certificate, sha256 }: Proven): Promise<Row | null> {
    if (!certificate.checkIssued(terminalCa) || !certificate.verify(terminalCa.publicKey)) return null;
    if (!(await adoptCertificate(database, certificate, now()))) return null;
    return await readRow(database, sha256);
  }

  async function requireAny(request: Request): Promise<Terminal> {
    const terminal = await find(request);
    if (terminal === null) throw new Refusal('noCertificate', 401);
    return terminal;
  }

  return {
    find,
    lastActive: (request) => active.get(request.raw.socket) ?? null,
    requireAny,
    async requireActive(request) {
      const terminal = await requireAny(request);
      if (terminal.standing !== 'active') throw new Refusal('heldTerminal', 403);
      return terminal;
    },
  };
}

/** TLS asks for the certificate and checks that the client has its key; whether it is one of ours is told by the database. */
function readCertificate(socket: Socket): Proven | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  const { publicKey } = certificate;
  const keyId = keyIdOf(publicKey);
  return keyId === null ? null : { sha256: createHash('sha256').update(certificate.raw).digest(), certificate, publicKey, keyId };
}

async function readRow(database: Queries, sha256: Uint8Array): Promise<Row | null> {
  const [raw] = await database.query(
    `SELECT t.terminal, t.standing AS terminal_standing, c.not_after, c.revoked_at IS NOT NULL AS revoked
     FROM terminal_certificate c JOIN terminal t ON t.terminal = c.terminal WHERE c.sha256 = $1`,
    [sha256],
  );
  return raw === undefined ? null : Row.parse(raw);
}

export type TerminalKey = { keyId: string; publicKey: KeyObject; standing: Standing };

const KeyRow = Row.extend({ key_id: z.string(), certificate: z.instanceof(Uint8Array) });

/**
 * Every key that this terminal ever had, newest first. What waited while it renewed or was enrolled anew is signed with an
 * older one: `standing` says what that key is worth for somebody who comes without a connection of its own.
 */
export async function findKeys(queries: Queries, terminal: string, now: Date): Promise<TerminalKey[]> {
  const rows = await queries.query(
    `SELECT t.terminal, t.standing AS terminal_standing, c.not_after, c.revoked_at IS NOT NULL AS revoked, c.key_id, c.certificate
     FROM terminal_certificate c JOIN terminal t ON t.terminal = c.terminal WHERE c.terminal = $1
     ORDER BY c.not_after DESC, c.revoked_at DESC NULLS FIRST, c.sha256`,
    [terminal],
  );
  const keys = new Map<string, TerminalKey>();
  for (const raw of rows) {
    const row = KeyRow.parse(raw);
    if (keys.has(row.key_id)) continue;
    const { publicKey } = new X509Certificate(row.certificate);
    keys.set(row.key_id, { keyId: row.key_id, publicKey, standing: standingOf(row, now) });
  }
  return [...keys.values()];
}

/** Two copies of one queue were seen: both are held until one is enrolled anew. A revoked terminal stays revoked. */
export async function setForked(queries: Queries, terminal: string, now: Date): Promise<void> {
  await queries.query(
    `UPDATE terminal SET standing = 'forked', standing_since = $2::timestamptz WHERE terminal = $1 AND standing = 'active'`,
    [terminal, now.toISOString()],
  );
}
