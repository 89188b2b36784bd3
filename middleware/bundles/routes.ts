import * as z from 'zod';
import type { Changes } from '../../contract/bundle.ts';
import { Hash } from '../../contract/ids.ts';
import { mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { Refusal } from '../http/problem.ts';
import type { Queries } from '../store/database.ts';
import type { Terminals } from '../terminals/terminals.ts';

/** Before anything was published. */
const noBundle = 'none';

const Row = z.object({ cursor: z.string(), manifest: z.string() });
const NewestRow = z.object({ cursor: z.string().nullable() });
const BlobRow = z.object({ content: z.instanceof(Uint8Array) });
const Query = z.object({ cursor: z.string().max(200).optional() });
const Params = z.object({ sha256: Hash });

/** The down-path's newest, as every contact tells it. */
export async function readCursor(queries: Queries): Promise<string> {
  const [raw] = await queries.query(`SELECT ${newestCursor} AS cursor`);
  return cursorOf(NewestRow.parse(raw).cursor);
}

/** The same beside what else a statement asks: a text or NULL, of which `cursorOf` makes a cursor. */
export const newestCursor = '(SELECT cursor FROM bundle ORDER BY serial DESC LIMIT 1)';

export function cursorOf(newest: string | null): string {
  return newest ?? noBundle;
}

/** Whatever cursor is not the newest, one that nobody here ever gave included, gets the whole manifest. Terminals fetch only what they lack. */
async function readChanges(queries: Queries, cursor: string | undefined): Promise<Changes> {
  const [raw] = await queries.query('SELECT cursor, manifest FROM bundle ORDER BY serial DESC LIMIT 1');
  if (raw === undefined) return { cursor: noBundle, manifest: null };
  const newest = Row.parse(raw);
  return { cursor: newest.cursor, manifest: newest.cursor === cursor ? null : newest.manifest };
}

export function addBundles(app: App, { database, terminals }: { database: Queries; terminals: Terminals }): void {
  app.get('/v1/changes', async (request, reply) => {
    await terminals.requireActive(request);
    const query = Query.safeParse(request.query);
    if (!query.success) throw new Refusal('badRequest', 400);
    return reply.type(mediaType.json).send(await readChanges(database, query.data.cursor));
  });

  app.get('/v1/blobs/:sha256', async (request, reply) => {
    await terminals.requireActive(request);
    const params = Params.safeParse(request.params);
    if (!params.success) throw new Refusal('notFound', 404);
    const [raw] = await database.query('SELECT content FROM blob WHERE sha256 = $1', [Buffer.from(params.data.sha256, 'base64url')]);
    if (raw === undefined) throw new Refusal('notFound', 404);
    return reply.type(mediaType.json).send(Buffer.from(BlobRow.parse(raw).content));
  });
}
