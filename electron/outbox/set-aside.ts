import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Generation } from '../../contract/ids.ts';
import { LossStatement } from '../../contract/kept-record.ts';
import { syncFolder, writeWhole } from '../store/write-whole.ts';
import { HeadQueue } from './head-file.ts';
import { Ordinal, Sequence } from './schema.ts';

/**
 * A folder for each loss: the files as they were found, what was known of the queue, and what was stated about it. In
 * files and not in the database, because the next thing to be lost may be that.
 */
const Lost = HeadQueue.extend({
  floor: Sequence,
  settled: Sequence,
  /** False: only the middleware knows of this queue, so nothing is said about its head. */
  headKnown: z.boolean(),
  /** What is missing, where that is known without reading files. */
  missing: LossStatement.shape.missing.optional(),
});
export type Lost = z.infer<typeof Lost>;

const Loss = z.object({
  why: z.string(),
  at: z.string(),
  successor: z.object({ ordinal: Ordinal, generation: Generation }),
  queues: z.array(Lost),
});
export type Loss = z.infer<typeof Loss>;

/**
 * `lost`: how many the disk lost of what had no receipt. `read`: an operator read of them. `heardIn`: the middleware's epoch
 * when it wrote it down; restored, it may know nothing of it.
 */
const Statements = z.array(
  z.object({
    statement: z.string(),
    claims: LossStatement,
    lost: z.int().nonnegative(),
    read: z.boolean(),
    heardIn: z.string().nullable(),
  }),
);
export type Statement = z.infer<typeof Statements>[number];

export type Aside = { name: string; folder: string; loss: Loss; statements: Statement[] | null };

const databaseFiles = ['outbox.db', 'outbox.db-wal', 'outbox.db-shm', 'outbox.db-journal'] as const;
const home = 'set-aside';

/** Oldest first. One whose notes cannot be read any more is not among them: see `mendNotes`. */
export function listAside(folder: string): Aside[] {
  return listNames(folder).flatMap((name) => {
    const loss = readJson(Loss, join(folder, home, name, 'loss.json'));
    const statements = readJson(Statements, join(folder, home, name, 'statements.json'));
    return loss ? [{ name, folder: join(folder, home, name), loss, statements }] : [];
  });
}

/** Writes down what was known, before anything is moved. */
export function beginAside(folder: string, loss: Loss): Aside {
  const names = existsSync(join(folder, home)) ? readdirSync(join(folder, home)).map(Number).filter(Number.isInteger) : [];
  const name = String(Math.max(0, ...names) + 1).padStart(4, '0');
  const aside: Aside = { name, folder: join(folder, home, name), loss, statements: null };
  mkdirSync(aside.folder, { recursive: true, mode: 0o700 });
  writeWhole(join(aside.folder, 'loss.json'), JSON.stringify(loss));
  syncFolder(join(folder, home));
  return aside;
}

export function moveFiles(folder: string, aside: Aside): void {
  for (const name of databaseFiles) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(aside.folder, name));
  }
  syncFolder(aside.folder);
  syncFolder(folder);
}

/**
 * Notes that the disk damaged are made anew, so that what is whole beside them is still salvaged and what was stated is still
 * said. How far its queues had come, nobody here knows then but the records themselves. @returns how many
 */
export function mendNotes(folder: string, { at, successor }: Pick<Loss, 'at' | 'successor'>): number {
  const known = new Set(listAside(folder).map(({ name }) => name));
  const damaged = listNames(folder).filter((name) => !known.has(name) && readdirSync(join(folder, home, name)).length > 0);
  for (const name of damaged) {
    const place = join(folder, home, name);
    // Without files a person laid something aside: who reads that as a loss would state no later one of that queue.
    const why = databaseFiles.some((file) => existsSync(join(place, file))) ? 'notes_damaged' : laidAside;
    writeWhole(join(place, 'loss.json'), JSON.stringify({ why, at, successor, queues: [] } satisfies Loss));
  }
  return damaged.length;
}

function listNames(folder: string): string[] {
  if (!existsSync(join(folder, home))) return [];
  return readdirSync(join(folder, home))
    .filter((name) => /^\d{4,}$/.test(name))
    .sort((a, b) => Number(a) - Number(b));
}

export const asideFiles = (aside: Aside): { database: string; log: string } => ({
  database: join(aside.folder, databaseFiles[0]),
  log: join(aside.folder, databaseFiles[1]),
});

export function writeStatements(aside: Aside, statements: Statement[]): void {
  writeWhole(join(aside.folder, 'statements.json'), JSON.stringify(statements));
  aside.statements = statements;
}

/** Why a folder is there without any files: a person laid a record aside. */
export const laidAside = 'laid_aside';

/** What a person laid aside and a statement says will never come: generation and sequence of each. */
export function listLaidAside(folder: string): Map<string, Set<number>> {
  const places = new Map<string, Set<number>>();
  const asides = listAside(folder).filter(({ loss }) => loss.why === laidAside);
  for (const { claims } of asides.flatMap(({ statements }) => statements ?? [])) {
    // Notes made anew may hide another kind of statement under this name; only one place at a time is a person's word.
    const alone = claims.missing.flatMap(([from, to]) => (from === to ? [from] : []));
    places.set(claims.generation, new Set([...(places.get(claims.generation) ?? []), ...alone]));
  }
  return places;
}

/** The queues of which a loss was stated. */
export function listStatedLosses(folder: string): Set<string> {
  const asides = listAside(folder).filter(({ loss }) => loss.why !== laidAside);
  return new Set(asides.flatMap(({ statements }) => (statements ?? []).map(({ claims }) => claims.generation)));
}

/** `id`: more than one may be about the same queue, and none of one folder. */
export function listUnheard(folder: string, epoch: string): { id: string; statement: string; claims: LossStatement }[] {
  return listAside(folder).flatMap(({ name, statements }) =>
    (statements ?? [])
      .filter(({ heardIn }) => heardIn !== epoch)
      .map(({ statement, claims }) => ({ id: `${name}/${claims.generation}`, statement, claims })),
  );
}

export function markHeard(folder: string, id: string, epoch: string): void {
  const [name, generation] = id.split('/');
  changeStatements(folder, (aside, { claims, heardIn }) =>
    aside === name && claims.generation === generation && heardIn !== epoch ? { heardIn: epoch } : null,
  );
}

/** The middleware knows nothing of it any more, although it did. */
export function unhear(folder: string, generation: string): void {
  changeStatements(folder, (_name, { claims, heardIn }) =>
    claims.generation === generation && heardIn !== null ? { heardIn: null } : null,
  );
}

/** Records that the disk lost, as far as no operator has read of them. */
export function countUnread(folder: string): number {
  const statements = listAside(folder).flatMap((aside) => aside.statements ?? []);
  return statements.reduce((sum, { lost, read }) => sum + (read ? 0 : lost), 0);
}

export function markRead(folder: string): void {
  changeStatements(folder, (_name, { lost, read }) => (lost > 0 && !read ? { read: true } : null));
}

function changeStatements(folder: string, change: (name: string, stated: Statement) => Partial<Statement> | null): void {
  for (const aside of listAside(folder)) {
    const changes = (aside.statements ?? []).map((stated) => change(aside.name, stated));
    if (aside.statements === null || changes.every((each) => each === null)) continue;
    writeStatements(
      aside,
      aside.statements.map((stated, at) => ({ ...stated, ...changes[at] })),
    );
  }
}

function readJson<T>(schema: z.ZodType<T>, file: string): T | null {
  try {
    const read = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
