import { createHash } from 'node:crypto';
import { CompactSign, importJWK } from 'jose';
import * as z from 'zod';
import { type BundleManifest, bundleType } from '../../contract/bundle.ts';
import { currentKey, type DatedKey } from '../keys/keys-file.ts';
import type { Database, Queries } from '../store/database.ts';
import type { FolderFile } from './read-folder.ts';

/** Any number will do as long as every instance takes the same one. */
const publishLock = 7_104_002;

const NewestRow = z.object({ serial: z.number(), files_sha256: z.instanceof(Uint8Array) });

/**
 * Makes these files the newest bundle, at once for all instances. The same files again are no new bundle.
 * @returns the serial of the bundle that has them
 */
export async function publishBundle(
  { database, keys, now }: { database: Database; keys: readonly DatedKey[]; now: () => Date },
  files: readonly FolderFile[],
): Promise<{ serial: number; fresh: boolean }> {
  const named = files.map(({ name, sha256, content }) => ({ name, sha256, bytes: content.length }));
  const hash = createHash('sha256').update(JSON.stringify(named)).digest();
  return await database.transaction(async (queries) => {
    await queries.query('SELECT pg_advisory_xact_lock($1::bigint)', [publishLock]);
    const [raw] = await queries.query('SELECT serial, files_sha256 FROM bundle ORDER BY serial DESC LIMIT 1');
    const newest = raw === undefined ? null : NewestRow.parse(raw);
    if (newest !== null && hash.equals(newest.files_sha256)) return { serial: newest.serial, fresh: false };
    const at = now();
    const manifest: BundleManifest = { serial: serialAfter(newest?.serial ?? 0, at), madeAt: at.toISOString(), files: named };
    const jws = await signManifest(manifest, currentKey(keys, at));
    await storeBlobs(queries, files);
    await queries.query(
      'INSERT INTO bundle (serial, files_sha256, manifest, cursor, made_at) VALUES ($1::int, $2, $3, $4, $5::timestamptz)',
      [manifest.serial, hash, jws, cursorOf(jws), at.toISOString()],
    );
    return { serial: manifest.serial, fresh: true };
  });
}

/** At least the minutes since 2020: a database that was restored does not count anew from what terminals have already. */
function serialAfter(newest: number, at: Date): number {
  return Math.max(newest + 1, Math.floor((at.getTime() - Date.UTC(2020)) / 60_000));
}

function cursorOf(jws: string): string {
  return createHash('sha256').update(jws).digest('base64url').slice(0, 22);
}

async function signManifest(manifest: BundleManifest, key: DatedKey): Promise<string> {
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(manifest)))
    .setProtectedHeader({ alg: 'ES256', kid: key.id, typ: bundleType })
    .sign(await importJWK(key.privateJwk, 'ES256'));
}

async function storeBlobs(queries: Queries, files: readonly FolderFile[]): Promise<void> {
  for (const { sha256, content } of files)
    await queries.query('INSERT INTO blob (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING', [
      Buffer.from(sha256, 'base64url'),
      content,
    ]);
}
