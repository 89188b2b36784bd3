import { base64url } from './chain.ts';
import { stateLoss } from './loss.ts';
import { beginQueue, makeGeneration, ownerOf, type Parts, type Room, writeHead } from './room.ts';
import type { QueueRow } from './rows.ts';
import { beginAside, type Lost, listAside, writeStatements } from './set-aside.ts';

type Linked = { generation: string; linked: number };

/**
 * The middleware has more of a queue than this disk, or a queue that this disk does not know: the disk is older than it
 * was, or empty. Going on would give a second record the place of one that was sent, so a new generation begins.
 */
export function noticeRollback(parts: Parts, room: Room, listed: readonly Linked[]): void {
  const queues = new Map(room.sql.queues.all().map((queue) => [queue.generation, queue]));
  const stated = new Set(listAside(parts.folder).flatMap(({ loss }) => loss.queues.map(({ generation }) => generation)));
  const ahead = listed.filter(({ generation, linked }) => !stated.has(generation) && linked > sequenceOf(room, queues.get(generation)));
  const unknown = listed.filter(({ generation }) => !stated.has(generation) && !queues.has(generation));
  if (ahead.length + unknown.length === 0) return;
  const { generation } = room.queue;
  const listedAt = listed.findIndex((item) => item.generation === generation);
  const isOlder = listedAt >= 0 && unknown.some((item) => listed.indexOf(item) > listedAt);
  // The queue that is left is closed at its head as well: if somebody else goes on in it, that one is a copy.
  const left = isOlder ? listed.slice(listedAt, listedAt + 1) : [];
  const lost = [...new Set([...ahead, ...unknown, ...left])].map((item) => toLost(parts, room, item, queues.get(item.generation)));
  if (isOlder || lost.some((queue) => queue.generation === generation)) {
    beginQueue(parts, room, { ordinal: room.queue.ordinal + 1, generation: makeGeneration(parts) });
    writeHead(parts, room, null);
  }
  writeDown(parts, room, lost);
}

const sequenceOf = (room: Room, queue: QueueRow | undefined): number =>
  queue?.ordinal === room.queue.ordinal ? room.queue.sequence : (queue?.sequence ?? 0);

/** What the middleware has is not lost; what it has not and was kept after this disk's copy, nobody here can count. */
function toLost({ identity }: Parts, room: Room, { generation, linked }: Linked, queue: QueueRow | undefined): Lost {
  const { terminal, publicJwk: jwk } = identity;
  const sequence = sequenceOf(room, queue);
  const owner = queue ? ownerOf(queue) : { terminal, jwk };
  const gone: Lost['missing'] = queue && linked > sequence ? [[sequence + 1, linked]] : [];
  const chain = queue?.ordinal === room.queue.ordinal ? room.queue.chain : (queue?.chain ?? Buffer.alloc(32));
  const known = { ordinal: queue?.ordinal ?? 1, generation, sequence, chain: base64url(chain), owner, headKnown: queue !== undefined };
  return { ...known, floor: 0, settled: linked, missing: gone };
}

/** No files to set aside, and something to state. */
function writeDown(parts: Parts, room: Room, queues: Lost[]): void {
  const { ordinal, generation } = room.queue;
  const at = parts.clock.wall().toISOString();
  const aside = beginAside(parts.folder, { why: 'rolled_back', at, successor: { ordinal, generation }, queues });
  const { loss } = aside;
  const statements = queues.map((queue) => stateLoss(parts.identity, { queue, missing: queue.missing ?? [], loss }));
  writeStatements(aside, statements);
  room.sql.setSalvaged.run(aside.name);
  parts.log('queue_damaged', { why: 'rolled_back', queues: queues.length });
}
