import * as z from 'zod';
import type { Queries } from '../store/database.ts';

const Row = z.object({ place: z.number(), content: z.instanceof(Uint8Array) });

/** In order, one at a time: twenty mebibytes are not needed in memory at once. */
export async function* readPieces(queries: Queries, id: string): AsyncGenerator<Uint8Array> {
  for (let after = -1; ; ) {
    const [raw] = await queries.query(
      `SELECT place::float8 AS place, content FROM attachment_piece WHERE attachment = $1::uuid AND place > $2::bigint ORDER BY place LIMIT 1`,
      [id, after],
    );
    if (raw === undefined) return;
    const { place, content } = Row.parse(raw);
    yield content;
    after = place;
  }
}

/** The same bytes in parts of `size`, the last one shorter. Lines that were cut or slow brought other sizes. */
export async function* regroup(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    for (; rest.length >= size; rest = rest.subarray(size)) yield rest.subarray(0, size);
  }
  if (rest.length > 0) yield rest;
}
