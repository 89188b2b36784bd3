import * as z from 'zod';
import { BundleManifest } from '../../contract/bundle.ts';
import { ProductText } from '../../contract/catalogue.ts';
import type { SourceText } from '../../contract/file.ts';
import type { Queries } from '../store/database.ts';

/** As the catalogue that terminals get names it. */
export type ProductNames = (product: string) => SourceText | null;

/** A list of many is in several files: `concepts.json`, `concepts/2.json` … */
const files = /^catalogue\/concepts(\/[^/]+)?\.json$/;
const Row = z.object({ cursor: z.string(), manifest: z.string() });
const Concept = z.object({ id: z.string(), name: ProductText });
/** Each is read on its own: one that this version cannot read leaves the others their names. */
const File = z.array(z.unknown());
const Blob = z.object({ content: z.instanceof(Uint8Array) });

/** Reads the newest bundle's catalogue, once for each bundle. Without one nothing has a name. */
export function createProductNames(queries: Queries): () => Promise<ProductNames> {
  let known: { cursor: string; names: ReadonlyMap<string, SourceText> } | null = null;
  return async () => {
    const [raw] = await queries.query('SELECT cursor, manifest FROM bundle ORDER BY serial DESC LIMIT 1');
    if (raw === undefined) return () => null;
    const { cursor, manifest } = Row.parse(raw);
    if (known?.cursor !== cursor) known = { cursor, names: await readNames(queries, manifest) };
    const { names } = known;
    return (product) => names.get(product) ?? null;
  };
}

/** The manifest is this database's own, so its signature is for terminals to look at. */
async function readNames(queries: Queries, manifest: string): Promise<ReadonlyMap<string, SourceText>> {
  const payload: unknown = JSON.parse(Buffer.from(manifest.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const found = (BundleManifest.safeParse(payload).data?.files ?? []).filter(({ name }) => files.test(name));
  const names = new Map<string, SourceText>();
  for (const { sha256 } of found) {
    const [blob] = await queries.query('SELECT content FROM blob WHERE sha256 = $1', [Buffer.from(sha256, 'base64url')]);
    const { content } = Blob.parse(blob);
    for (const raw of File.safeParse(JSON.parse(Buffer.from(content).toString('utf8'))).data ?? []) {
      const concept = Concept.safeParse(raw);
      if (concept.success) names.set(concept.data.id, nameOf(concept.data.name));
    }
  }
  return names;
}

function nameOf({ nl, 'nl-BE-x-formal': formal, 'nl-BE-x-informal': informal, fr, de, en }: ProductText): SourceText {
  const dutch = nl ?? formal ?? informal;
  return Object.fromEntries(Object.entries({ nl: dutch, fr, de, en }).filter(([, words]) => words !== undefined));
}
