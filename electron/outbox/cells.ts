/** Rows of a table's leaf page (SQLite file format, 1.6 and 2.1), read without trusting a single number in it. */
export type Value = null | number | string | Buffer;
export type Cell = { rowid: number; values: Value[] };

const leafOfTable = 0x0d;
/** Format, 1.6: how much of a row stays on its page, and how much goes on each further one. */
const localOf = (size: number) => ({ most: size - 35, least: Math.floor(((size - 12) * 32) / 255) - 23, step: size - 4 });
const largestRow = 512 * 1024;

/**
 * All cells that can be read. A row that continues on other pages is given once for each way in which the versions of
 * those pages may belong together: whoever asked can tell which one is whole.
 */
export function* readCells(page: Buffer, versions: (page: number) => Buffer[]): Generator<Cell> {
  if (page[0] !== leafOfTable) return;
  const count = Math.min(page.readUInt16BE(3), (page.length - 8) / 2);
  for (let index = 0; index < count; index += 1) {
    const at = page.readUInt16BE(8 + 2 * index);
    yield* readCell(page, at, versions);
  }
}

function* readCell(page: Buffer, at: number, versions: (page: number) => Buffer[]): Generator<Cell> {
  const length = readVarint(page, at);
  const rowid = length && readVarint(page, length.next);
  if (!rowid || length.value > largestRow) return;
  const local = localOf(page.length);
  if (length.value <= local.most) {
    const payload = page.subarray(rowid.next, rowid.next + length.value);
    yield* toCell(rowid.value, payload, length.value);
    return;
  }
  const rest = local.least + ((length.value - local.least) % local.step);
  const kept = rest <= local.most ? rest : local.least;
  if (rowid.next + kept + 4 > page.length) return;
  const first = page.readUInt32BE(rowid.next + kept);
  for (const choose of choices) {
    const payload = follow(page.subarray(rowid.next, rowid.next + kept), first, length.value, (number) => choose(versions(number)));
    if (payload) yield* toCell(rowid.value, payload, length.value);
  }
}

/** Newest; the one the file has; the oldest in the log. */
const choices: readonly ((found: Buffer[]) => Buffer | undefined)[] = [
  (found) => found[0],
  (found) => (found.length > 1 ? found.at(-1) : undefined),
  (found) => (found.length > 2 ? found.at(-2) : undefined),
];

function follow(start: Buffer, first: number, length: number, get: (page: number) => Buffer | undefined): Buffer | null {
  const parts: Buffer[] = [start];
  let have = start.length;
  for (let page = first; have < length; ) {
    const bytes = page === 0 ? undefined : get(page);
    if (!bytes) return null;
    const part = bytes.subarray(4, 4 + length - have);
    parts.push(part);
    have += part.length;
    page = bytes.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

function* toCell(rowid: number, payload: Buffer, length: number): Generator<Cell> {
  const values = payload.length === length ? readRow(payload) : null;
  if (values) yield { rowid, values };
}

/** Format, 2.1. Null: not a row. */
function readRow(payload: Buffer): Value[] | null {
  const header = readVarint(payload, 0);
  if (!header || header.value > payload.length) return null;
  const values: Value[] = [];
  let body = header.value;
  for (let at = header.next; at < header.value; ) {
    const type = readVarint(payload, at);
    if (!type) return null;
    const bytes = sizeOf(type.value);
    if (bytes === null || body + bytes > payload.length) return null;
    values.push(readValue(type.value, payload.subarray(body, body + bytes)));
    body += bytes;
    at = type.next;
  }
  return values;
}

function sizeOf(type: number): number | null {
  if (type >= 12) return (type - (type % 2) - 12) / 2;
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? null;
}

function readValue(type: number, bytes: Buffer): Value {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return bytes.readDoubleBE(0);
  if (type < 7) return bytes.length <= 6 ? bytes.readIntBE(0, bytes.length) : Number(bytes.readBigInt64BE(0));
  return type % 2 === 1 ? bytes.toString('utf8') : Buffer.from(bytes);
}

/** Format, 1.6: seven bits a byte, high bits first. None of ours needs more than eight bytes. */
function readVarint(bytes: Buffer, at: number): { value: number; next: number } | null {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, next: at + index + 1 } : null;
  }
  return null;
}
