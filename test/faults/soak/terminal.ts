import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TransactionContent } from '../../../contract/transaction.ts';
import type { Clock } from '../../../electron/clock.ts';
import { type Attachments, openAttachments } from '../../../electron/outbox/attachments/attachments.ts';
import { type OpenOutbox, openOutbox } from '../../../electron/outbox/open-outbox.ts';
import type { Outbox, RecordState } from '../../../electron/outbox/outbox.ts';
import { createUploads, type Uploads } from '../../../electron/sync/attachments.ts';
import { openKeySets } from '../../../electron/sync/keys/key-set.ts';
import { createLine, type Line } from '../../../electron/sync/line.ts';
import { LineError } from '../../../electron/sync/line-problem.ts';
import { createSync, type Sync } from '../../../electron/sync/sync.ts';
import { askOnce } from '../../../electron/terminal/identity/ask-once.ts';
import { fileKeyStore } from '../../../electron/terminal/identity/key-store.ts';
import { openRegistry } from '../../../electron/terminal/identity/registry.ts';
import { createChance } from '../yank/chance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What somebody was told, on paper. `receivedAt`: by the middleware's clock, null until it was said. */
export type Told = {
  txId: string;
  lane: string;
  generation: string;
  sequence: number;
  record: string;
  attachments: string[];
  receivedAt: string | null;
};

export type LineMood = 'up' | 'down' | 'bad';
export type Death = 'before' | 'after';

/**
 * The app's own identity, keys, outbox, attachments, sync and uploads, put together as electron/main.ts does it, by a clock
 * of its own that may be wrong. A death leaves the files as they are at that moment: what is started anew is a copy of them.
 */
export type SoakTerminal = {
  name: string;
  told: ReadonlyMap<string, Told>;
  /** Null: nobody was told, because it died over it. */
  keep(content: TransactionContent, how: { lane: string; photos: readonly Uint8Array[]; dies: boolean }): Promise<Told | null>;
  setMood(mood: LineMood): void;
  /** The clock on the wall, against the true time. Ticks are not changed by it. */
  setClock(offMs: number): void;
  /** At one of the next requests that bring something: before it goes, or after it was carried out. */
  dieAtRequest(death: Death): void;
  die(): void;
  isDead(): boolean;
  start(): void;
  stop(): Promise<void>;
  /** What it is connected by is gone, as when the other side begins anew. */
  hangUp(): Promise<void>;
  stateOf(txId: string): RecordState | null;
  countWaiting(): number;
  countPhotos(): number;
  keyIds(): { seal: string; own: string };
  /** Its folder now, and the newest moment by its own clock at which it may have let something go. */
  folder(): string;
  latestWall(): number;
};

export type SoakTerminalParts = {
  name: string;
  folder: string;
  url: string;
  seed: number;
  time: VirtualTime;
  keepDays: number;
  /** For tests of this tool: what is taken out. */
  alter?: (outbox: Outbox) => Outbox;
};

/** A look each half hour, so that a month is some thousand of them. The rest is as installed. */
const pace = { retryBaseMs: 2_000, retryCapMs: 300_000, healthMs: 1_800_000 };

export async function enrolSoakTerminal(parts: SoakTerminalParts, issueCode: () => Promise<string>): Promise<void> {
  const enrolled = await openIdentity(join(parts.folder, 'life-0'), parts).enrol(await issueCode());
  if (!enrolled.ok) throw new Error(enrolled.error);
}

function openIdentity(folder: string, { name: terminal, url, time }: SoakTerminalParts) {
  const now = () => new Date(time.now());
  return openRegistry({ folder: join(folder, 'identity'), terminal, url, keyStore: fileKeyStore, ask: askOnce, now });
}

type Wire = Pick<Line, 'request' | 'get' | 'post' | 'close'>;
type Life = { outbox: OpenOutbox; attachments: Attachments; sync: Sync; uploads: Uploads; line: Wire; sealKey(): string; ownKey(): string };

export function createSoakTerminal(parts: SoakTerminalParts): SoakTerminal {
  const { name, time, url } = parts;
  const told = new Map<string, Told>();
  /** Also of what nobody was told is kept, because it died over it. */
  const receivedAt = new Map<string, string>();
  const chance = createChance(parts.seed);
  const counts = new Map<string, number>();
  let lives = 0;
  let life: Life | null = null;
  let mood: LineMood = 'up';
  let offMs = 0;
  let wall = Number.NEGATIVE_INFINITY;
  let death: Death | null = null;
  const folderOf = (number: number) => join(parts.folder, `life-${number}`);

  /** What happens to a request hangs on which it is of its kind: two that are under way at once do not change places. */
  function chooseFault(kind: string): 'none' | 'reset' | 'lost' | 'twice' {
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    if (mood !== 'bad') return 'none';
    const hash = createHash('sha256').update(`${parts.seed} ${kind} ${number}`).digest().readUInt32LE();
    return createChance(hash).weigh({ none: 10, reset: 3, lost: 4, twice: 3 });
  }

  function connect(tls: Parameters<typeof createLine>[0]['tls']): Wire & { hangUp(): Promise<void> } {
    let inner = createLine({ url, tls, deadlineMs: 60_000 });
    let over = false;
    const ask: Line['request'] = (...request) =>
      time.busy(async () => {
        const [method, path] = request;
        if (mood === 'down' || over) throw new LineError('no_connection');
        const brings = method === 'POST' || method === 'PATCH';
        const dying = brings ? death : null;
        if (dying === 'before') return die();
        const fault = chooseFault(`${method} ${path.split('/')[2]}`);
        if (fault === 'reset') throw new LineError('no_connection');
        const answer = await inner.request(...request);
        if (fault === 'twice') await inner.request(...request);
        if (dying === 'after') return die();
        if (fault === 'lost') throw new LineError('no_connection');
        return answer;
      });
    const asText = async (...request: Parameters<Line['request']>) => {
      const { status, mediaType, body } = await ask(...request);
      return { status, mediaType, body: new TextDecoder().decode(body) };
    };
    return {
      request: ask,
      get: (path) => asText('GET', path),
      post: (path, mediaType, body) => asText('POST', path, { 'content-type': mediaType }, body),
      async close() {
        over = true;
        await inner.close();
      },
      async hangUp() {
        await inner.close();
        inner = createLine({ url, tls, deadlineMs: 60_000 });
      },
    };
  }

  function start(): void {
    const folder = folderOf(lives);
    const mine = lives;
    const bootedAt = time.now();
    const clock: Clock = { wall: () => new Date(time.now() + offMs), ticks: () => time.now() - bootedAt };
    const registry = openIdentity(folder, parts);
    const identity = registry.current();
    if (identity === null) throw new Error('a terminal without an identity');
    const line = connect(() => (registry.current() ?? identity).tls);
    const log = () => undefined;
    const keySets = openKeySets({ file: join(folder, 'keys.jws'), identity, line, clock, log });
    const room = { folder: join(folder, 'outbox'), reserveMebibytes: 0, keepDays: parts.keepDays };
    const outbox = openOutbox({ ...room, identity, sealKey: keySets.sealKey, clock, log });
    outbox.finishChecks();
    const opened = openAttachments({ folder, reserveMebibytes: 0, stateOf: outbox.stateOf });
    opened.removeLeftovers();
    const attachments: Attachments = { ...opened, read: (...of) => time.busy(() => opened.read(...of)) };
    const isOver = () => lives !== mine;
    const sync = createSync({
      outbox: parts.alter?.(outbox) ?? outbox,
      line,
      receiptKeys: keySets.receiptKeys,
      terminal: name,
      clock,
      log,
      pace,
      random: chance.next,
      onLine(state) {
        if (state.state === 'up') uploads.wake();
      },
      onReceived(txId, at) {
        if (isOver()) return;
        receivedAt.set(txId, receivedAt.get(txId) ?? at);
        const known = told.get(txId);
        if (known) known.receivedAt ??= at;
        uploads.wake();
      },
      onStuck: () => undefined,
      onNews(news) {
        if (isOver()) return;
        wall = Math.max(wall, clock.wall().getTime());
        time.busy(() => keySets.hear(news));
        if (news.standing === 'active') time.busy(() => registry.renewInTime(line.post, new Date(news.at)));
      },
    });
    const recordsGo = sync.isBusy;
    const uploads = createUploads({ line, attachments, recordsGo, clock, log, pace, random: createChance(parts.seed + mine).next });
    const sealKey = () => keySets.sealKey().id;
    const ownKey = () => (registry.current() ?? identity).keyId;
    life = { outbox, attachments, sync, uploads, line, sealKey, ownKey };
    hangUp = line.hangUp;
    sync.start();
    uploads.start();
  }
  let hangUp: () => Promise<void> = async () => undefined;

  async function end({ outbox, sync, uploads }: Life): Promise<void> {
    await Promise.all([sync.stop(), uploads.stop()]);
    outbox.close();
  }

  /** From here on nothing that the process still does reaches what is on disk. Throws, as what was under way does. */
  function die(): never {
    death = null;
    const dying = life;
    if (dying === null) throw new LineError('no_connection');
    life = null;
    lives += 1;
    mkdirSync(folderOf(lives));
    cpSync(folderOf(lives - 1), folderOf(lives), { recursive: true });
    const before = folderOf(lives - 1);
    setImmediate(() => time.busy(() => end(dying).then(() => rmSync(before, { recursive: true, force: true }))));
    throw new LineError('no_connection');
  }

  const living = (): Life => {
    if (life === null) throw new Error(`${name} is not running`);
    return life;
  };

  return {
    name,
    told,
    async keep(content, { lane, photos, dies }) {
      const { outbox, attachments, sync } = living();
      for (const photo of photos) {
        const prepared = await attachments.prepare(content.txId, photo, { name: 'foto.jpg', mediaType: 'image/jpeg' });
        if (!prepared.ok) throw new Error(prepared.error);
        content.attachments.push(prepared.value);
      }
      const kept = outbox.keep(content, { lane });
      if (!kept.ok) throw new Error(kept.error);
      if (dies) {
        tryToDie();
        return null;
      }
      const { generation, sequence, record } = kept.value.ticket;
      const { txId } = content;
      const ids = content.attachments.map(({ id }) => id);
      const line = { txId, lane, generation, sequence, record, attachments: ids, receivedAt: receivedAt.get(txId) ?? null };
      told.set(txId, line);
      sync.wake();
      return line;
    },
    setMood(next) {
      mood = next;
    },
    setClock(ms) {
      offMs = ms;
    },
    dieAtRequest(next) {
      death = next;
    },
    die: tryToDie,
    isDead: () => life === null,
    start,
    async stop() {
      const ending = living();
      life = null;
      await time.busy(() => end(ending));
    },
    hangUp: () => hangUp(),
    stateOf: (txId) => living().outbox.stateOf(txId),
    countWaiting: () => living().outbox.countWaiting(),
    countPhotos: () => living().attachments.list().length,
    keyIds: () => ({ seal: living().sealKey(), own: living().ownKey() }),
    folder: () => folderOf(lives),
    latestWall: () => wall,
  };

  function tryToDie(): void {
    try {
      die();
    } catch {
      // It is gone.
    }
  }
}
