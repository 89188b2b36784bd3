import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { findInFiles, type Needle } from '../../harness/search-files.ts';
import type { SoakMiddleware } from './middleware.ts';
import { day } from './plan.ts';
import type { SoakTerminal, Told } from './terminal.ts';

const InboxRow = z.object({
  tx_id: z.string(),
  arrival: z.number(),
  terminal: z.string(),
  generation: z.string(),
  sequence: z.number(),
  lane: z.string(),
  record: z.instanceof(Uint8Array),
});
type InboxRow = z.infer<typeof InboxRow>;
const EffectRow = z.object({ tx_id: z.string(), place: z.number() });
const QueueRow = z.object({ terminal: z.string(), generation: z.string(), linked: z.number(), backed_up: z.number() });

type Seen = {
  arrival: number;
  place: number;
  inbox: Map<string, InboxRow>;
  /** Up to where nothing is missing, and which record has which place. */
  queues: Map<string, { places: Map<number, string>; dense: number }>;
  executed: Set<string>;
  lanes: Map<string, number>;
};

const nothingSeen = (): Seen => ({ arrival: 0, place: 0, inbox: new Map(), queues: new Map(), executed: new Set(), lanes: new Map() });

export type Judge = {
  /** Of a terminal that runs, after each thing that happened to it: what it let go, and what it holds. */
  lookAtTerminal(terminal: SoakTerminal): void;
  /** What the middleware has against what people were told, after each thing that happened. */
  lookAtMiddleware(choices: { anew: boolean }): Promise<void>;
  /** The files, each night. */
  lookAtDisk(terminal: SoakTerminal): Promise<void>;
  /** When nothing waits any more: all of it, once, in order, with its photos, and the log whole. */
  lookAtEnd(): Promise<void>;
  letGo(): number;
  mostBytes(): number;
};

/** A page and its share of the indices for each record that is there, what opens with the file, and the ballast. */
const usualBytes = 13 * 2 ** 20;
const bytesPerRecord = 12 * 1024;

export function createJudge(parts: {
  middleware: SoakMiddleware;
  terminals: readonly SoakTerminal[];
  keepDays: number;
  needles: readonly Needle[];
  complain: (line: string) => void;
}): Judge {
  const { middleware, terminals, keepDays, needles, complain } = parts;
  const { database } = middleware;
  const gone = new Set<string>();
  let mostBytes = 0;
  let seen = nothingSeen();

  const place = (name: string, { generation, sequence }: Pick<Told, 'generation' | 'sequence'>) => `${name} ${generation} ${sequence}`;

  function lookAtOne(terminal: SoakTerminal, told: Told): void {
    const state = terminal.stateOf(told.txId);
    const where = place(terminal.name, told);
    if (state === 'received' && told.receivedAt === null) complain(`received, and nobody said so: ${where}`);
    if (state === 'stuck' || state === 'aside') complain(`${state}: ${where}`);
    if (state !== null) return;
    gone.add(told.txId);
    if (!middleware.hasBackup(told.txId)) complain(`let go without a backup: ${where}`);
    if (told.receivedAt === null) complain(`let go without a receipt: ${where}`);
    else if (terminal.latestWall() - Date.parse(told.receivedAt) < keepDays * day) complain(`let go too early: ${where}`);
  }

  /** What came since the last look; after a restore, and each night, all of it anew. */
  async function follow(): Promise<void> {
    const rows = await database.query(
      `SELECT tx_id::text, arrival::float8, terminal, generation, sequence::float8, lane, record FROM inbox
       WHERE arrival > $1::bigint ORDER BY arrival`,
      [seen.arrival],
    );
    for (const row of rows.map((each) => InboxRow.parse(each))) {
      seen.arrival = row.arrival;
      seen.inbox.set(row.tx_id, row);
      const name = `${row.terminal} ${row.generation}`;
      const queue = seen.queues.get(name) ?? { places: new Map<number, string>(), dense: 0 };
      queue.places.set(row.sequence, row.tx_id);
      while (queue.places.has(queue.dense + 1)) queue.dense += 1;
      seen.queues.set(name, queue);
    }
    const effects = await database.query('SELECT tx_id::text, place::float8 FROM watched_effect WHERE place > $1::bigint ORDER BY place', [
      seen.place,
    ]);
    for (const { tx_id, place: at } of effects.map((each) => EffectRow.parse(each))) {
      seen.place = at;
      const row = seen.inbox.get(tx_id);
      if (seen.executed.has(tx_id)) complain(`took effect twice: ${tx_id}`);
      seen.executed.add(tx_id);
      if (row === undefined) continue;
      const lane = `${row.terminal} ${row.generation} ${row.lane}`;
      const before = seen.lanes.get(lane) ?? 0;
      if (row.sequence < before) complain(`out of order: ${lane} ${row.sequence}`);
      seen.lanes.set(lane, Math.max(before, row.sequence));
    }
  }

  async function lookAtQueues(): Promise<void> {
    const rows = await database.query('SELECT terminal, generation, linked::float8, backed_up::float8 FROM queue');
    for (const { terminal, generation, linked, backed_up } of rows.map((row) => QueueRow.parse(row))) {
      const where = `${terminal} ${generation}`;
      const { places, dense } = seen.queues.get(where) ?? { places: new Map<number, string>(), dense: 0 };
      if (linked > dense) complain(`linked to ${linked} of ${dense}: ${where}`);
      if (backed_up > linked) complain(`backed up to ${backed_up}, linked to ${linked}: ${where}`);
      for (let sequence = 1; sequence <= backed_up; sequence += 1)
        if (!middleware.hasBackup(places.get(sequence) ?? '')) complain(`said to be in a backup: ${where} ${sequence}`);
    }
  }

  return {
    lookAtTerminal(terminal) {
      for (const told of terminal.told.values()) if (!gone.has(told.txId)) lookAtOne(terminal, told);
    },

    async lookAtMiddleware({ anew }) {
      if (anew) seen = nothingSeen();
      await follow();
      for (const terminal of terminals.filter((each) => !each.isDead()))
        for (const told of terminal.told.values())
          if (!seen.inbox.has(told.txId) && terminal.stateOf(told.txId) === null) complain(`nowhere: ${place(terminal.name, told)}`);
      await lookAtQueues();
    },

    async lookAtDisk(terminal) {
      const folder = terminal.folder();
      const bytes = sizeOf(join(folder, 'outbox'));
      const records = [...terminal.told.values()].filter(({ txId }) => !gone.has(txId)).length;
      mostBytes = Math.max(mostBytes, bytes);
      if (bytes > usualBytes + records * bytesPerRecord) complain(`${bytes} bytes for ${records} records: ${terminal.name}`);
      for (const { needle, form, file } of await findInFiles([folder], needles)) complain(`found: ${needle} (${form}) in ${file}`);
    },

    async lookAtEnd() {
      seen = nothingSeen();
      await follow();
      const photos = new Map((await database.query('SELECT id::text, state FROM attachment')).map(({ id, state }) => [id, state]));
      for (const terminal of terminals) {
        for (const told of terminal.told.values()) {
          const where = place(terminal.name, told);
          const row = seen.inbox.get(told.txId);
          const isSame = row?.generation === told.generation && Buffer.from(row.record).toString('base64url') === told.record;
          if (!isSame || !seen.executed.has(told.txId)) complain(`lost: ${where} (${row === undefined ? 'not there' : 'there'})`);
          for (const id of told.attachments) if (photos.get(id) !== 'whole') complain(`photo lost: ${where} (${photos.get(id)})`);
        }
        if (terminal.countWaiting() > 0) complain(`still waiting: ${terminal.name}, ${terminal.countWaiting()}`);
        if (terminal.countPhotos() > 0) complain(`photos that no backup made go: ${terminal.name}, ${terminal.countPhotos()}`);
      }
      const open = await database.query(`SELECT count(*)::int AS n FROM cases WHERE status <> 'open'`);
      if (open[0]?.n !== 0) complain(`${open[0]?.n} cases that do not go on`);
      await lookAtQueues();
      for (const { where, what } of (await middleware.proveLog()).breaks) complain(`log: ${where}: ${what}`);
    },

    letGo: () => gone.size,
    mostBytes: () => mostBytes,
  };
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
