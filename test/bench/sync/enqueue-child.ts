import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { TransactionContent } from '../../../contract/transaction.ts';
import { type Head, openHeadFile } from '../../../electron/outbox/head-file.ts';
import { answerErrands } from './errands.ts';
import { growQueue } from './grow-queue.ts';
import { openQueue, signerOf, type TerminalParts } from './open-queue.ts';
import { makeRecord } from './records.ts';

/**
 * Milliseconds of each of `count` runs; making what they need is not in it. Between two the event loop turns, as in service,
 * where minutes lie between them: what `seal.ts` makes ready meanwhile is not in it either.
 */
async function time<T>(count: number, make: () => T, work: (made: T) => void): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < count; run += 1) {
    const made = make();
    await turn();
    const begun = performance.now();
    work(made);
    times.push(performance.now() - begun);
  }
  return times;
}

const keep = (outbox: ReturnType<typeof openQueue>) => (record: TransactionContent) => {
  if (!outbox.keep(record, {}).ok) throw new Error('not kept');
};

/**
 * The least that is as durable: the bytes of a row in one commit of SQLite with `synchronous=FULL`, then a head record of the
 * same length in a file of its own, with the same code.
 */
function openBare(parts: TerminalParts): { commit(bytes: Buffer): void; close(): void } {
  const database = new Database(join(parts.folder, 'bare.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('create table record (place integer primary key, bytes blob not null)');
  const add = database.prepare<[Buffer]>('insert into record (bytes) values (?)');
  const headFile = openHeadFile(join(parts.folder, 'bare.head'));
  const { terminal, publicJwk } = signerOf(parts);
  const { x, y } = publicJwk;
  const hash = 'A'.repeat(43);
  const kept = { reference: 'KTR-0000-0000', record: hash, signature: 'A'.repeat(86) };
  const owner = { terminal, jwk: { kty: 'EC', crv: 'P-256', x, y } } as const;
  let sequence = 0;
  return {
    commit(bytes) {
      sequence += 1;
      add.run(bytes);
      const head: Head = { ordinal: 1, generation: 'A'.repeat(11), sequence, chain: hash, owner, kept, earlier: [] };
      headFile.write(head);
    },
    close() {
      database.close();
      headFile.close();
    },
  };
}

/** Sealed record (2,048 and a tag), key, hashes, signature and the texts of its envelope. */
const rowBytes = 2_064 + 65 + 32 + 32 + 64 + 8 + 150;
const makeBytes = () => randomBytes(rowBytes);

answerErrands({
  /** Small blocks by turns, so that what else the machine does wrongs neither. */
  async enqueue({ parts, blocks, each }: { parts: TerminalParts; blocks: number; each: number }) {
    const outbox = openQueue(parts);
    outbox.finishChecks();
    const bare = openBare(parts);
    const kept: number[][] = [];
    const committed: number[][] = [];
    await time(each, makeRecord, keep(outbox));
    await time(each, makeBytes, bare.commit);
    for (let block = 0; block < blocks; block += 1) {
      kept.push(await time(each, makeRecord, keep(outbox)));
      committed.push(await time(each, makeBytes, bare.commit));
    }
    outbox.close();
    bare.close();
    return { kept, committed };
  },

  async grow({ parts, rows }: { parts: TerminalParts; rows: number }) {
    growQueue(parts, rows);
  },

  /** The same of queues with more and more in them. */
  async keepInEach({ queues, blocks, each }: { queues: TerminalParts[]; blocks: number; each: number }) {
    const opened = queues.map(openQueue);
    const kept: number[][][] = queues.map(() => []);
    for (const outbox of opened) await time(each, makeRecord, keep(outbox));
    for (let block = 0; block < blocks; block += 1)
      for (const [at, outbox] of opened.entries()) kept[at]?.push(await time(each, makeRecord, keep(outbox)));
    for (const outbox of opened) outbox.close();
    return kept;
  },

  /** Milliseconds until a queue can be kept into. */
  async open({ parts }: { parts: TerminalParts }) {
    const begun = performance.now();
    const outbox = openQueue(parts);
    const ms = performance.now() - begun;
    outbox.close();
    return ms;
  },
});
