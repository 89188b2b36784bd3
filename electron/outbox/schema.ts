import * as z from 'zod';
import type { Migration } from '../store/open-database.ts';
import { gatherReceived } from './gather-received.ts';

/**
 * A record is written once (`entry`) and stands in exactly one of three others: `waiting`, `fate` where a person has or had
 * a say in it, or `received`, which has one row for all that was received together. So that marking a hundred as received
 * rewrites no sealed bytes, and a full disk can drain.
 *
 * `id` is `place(ordinal, sequence)`: the order of keeping over all generations of this disk. Each `mark` is a hash over the
 * columns that no signature covers, so that a bit that falls over is noticed. The columns of `fate` from `receipt` to
 * `epoch` are version 3's, and null since.
 *
 * The version stands in two places, `user_version` and `meta`, and a migration raises both: one bit in a file's header must
 * not make it a newer version's, which would keep this terminal out of service.
 */
export const migrations: readonly Migration[] = [
  refuseUnreleased,
  refuseUnreleased,
  (database) => {
    refuseUnreleased(database);
    database.exec(`
      create table queue (
        ordinal integer primary key,
        generation text not null unique,
        terminal text not null,
        x text not null,
        y text not null,
        sequence integer not null,
        chain blob not null check (length(chain) = 32),
        floor integer not null default 0,
        linked integer not null default 0,
        backed_up integer not null default 0,
        gaps integer not null default 0 check (gaps in (0, 1)),
        closed integer not null default 0 check (closed in (0, 1))
      ) strict;
      create table entry (
        id integer primary key,
        generation text not null,
        sequence integer not null,
        tx_id text not null unique,
        reference text not null,
        lane text not null,
        form text not null,
        key_id text not null,
        kept_at text not null,
        record blob not null check (length(record) = 32),
        previous blob not null check (length(previous) = 32),
        signature blob not null check (length(signature) = 64),
        mark blob not null,
        encapsulated blob not null,
        ciphertext blob not null
      ) strict;
      create table waiting (id integer primary key) strict;
      create table fate (
        id integer primary key,
        state text not null check (state in ('received', 'stuck', 'aside')),
        lane text not null,
        reason text,
        receipt integer,
        proof text,
        held integer,
        received_at text,
        epoch text,
        mark blob not null,
        check ((state = 'received') = (receipt is not null))
      ) strict;
      create index fate_stuck on fate (lane, id) where state = 'stuck';
      create index fate_aside on fate (id) where state = 'aside';
      create table receipt (id integer primary key, head text not null, uses integer not null default 0) strict;
      create table meta (name text primary key, value text not null) strict;
      create table salvaged (folder text primary key) strict;
      create table probe (id integer primary key check (id = 1), filler blob not null) strict;
      insert into probe values (1, zeroblob(0));
      insert into meta values ('schema', '3');
    `);
  },
  (database) => {
    gatherReceived(database);
    // Written at each contact, and read by nobody.
    database.exec('alter table queue drop column linked');
  },
];

/** The first version that was released: an older file holds nothing that anybody could send. */
export const firstReleased = 3;

/**
 * Version 0.1 was never released. Its records are bound to another context (no generation) and cannot be sealed anew,
 * because nobody here can open them: such a file is set aside whole.
 */
function refuseUnreleased(database: Parameters<Migration>[0]): void {
  const old = database.prepare(`select 1 from sqlite_schema where name = 'entry'`).get();
  if (old) throw new Error('left_by_unreleased_version');
}

const perQueue = 2 ** 32;
/** As many as leave `place` a number that counts one by one. */
export const Ordinal = z
  .int()
  .positive()
  .max(2 ** 21 - 1);
/** 0: before the first. */
export const Sequence = z
  .int()
  .nonnegative()
  .max(perQueue - 1);
export const place = (ordinal: number, sequence: number): number => ordinal * perQueue + sequence;
export const ordinalOf = (id: number): number => Math.floor(id / perQueue);
/** Inclusive range of the ids of a queue. */
export const placesOf = (ordinal: number): [number, number] => [place(ordinal, 0), place(ordinal, perQueue - 1)];
