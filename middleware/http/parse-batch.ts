import { batchLimits } from '../../contract/wire.ts';

const open = '['.charCodeAt(0);
const close = ']'.charCodeAt(0);
/** As events stand one after the other in what terminals write. Of a text, where quotes are escaped, it is never a part. */
const between = Buffer.from('},{"specversion"');

/**
 * `JSON.parse` of a delivery. Its events are read one by one where they can be told apart: the text of all is larger than what
 * the engine keeps for short lives, and takes longer to get rid of than to read. Throws what `JSON.parse` throws.
 */
export function parseBatch(body: Buffer): unknown {
  return parseEvents(body) ?? JSON.parse(body.toString());
}

/** Null: not plainly an array of such events. Values that are each JSON, with brackets around and commas between, are a JSON array. */
function parseEvents(body: Buffer): unknown[] | null {
  if (body[0] !== open || body.at(-1) !== close) return null;
  const events: unknown[] = [];
  try {
    for (let from = 1; events.length < batchLimits.records; ) {
      const found = body.indexOf(between, from);
      const to = found === -1 ? body.length - 1 : found + 1;
      events.push(JSON.parse(body.toString('utf8', from, to)));
      if (found === -1) return events;
      from = to + 1;
    }
  } catch {
    // Whatever it is, the engine says it.
  }
  return null;
}
