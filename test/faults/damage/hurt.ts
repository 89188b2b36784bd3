import { copyFileSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from '../yank/chance.ts';
import type { Template } from './templates.ts';
import { listPlaces, putValue, valuesOfAllKinds } from './values.ts';

const main = 'outbox.db';
const log = 'outbox.db-wal';
const shared = 'outbox.db-shm';
const head = 'outbox.head';

/** One damage of a kind, somewhere. Answers its name. */
export function hurt(folder: string, template: Template, chance: Chance): string {
  const kinds = Object.keys(damages) as (keyof typeof damages)[];
  const kind = chance.pick(kinds);
  damages[kind](folder, chance, template);
  return kind;
}

type Damage = (folder: string, chance: Chance, template: Template) => void;

const damages = {
  log_torn: (folder, chance) => tear(join(folder, log), chance),
  log_bit: (folder, chance) => flip(join(folder, log), chance, 1),
  log_bits: (folder, chance) => flip(join(folder, log), chance, chance.int(2, 20)),
  log_zeroed: (folder, chance) => overwrite(join(folder, log), chance, 'zeros'),
  log_scribbled: (folder, chance) => overwrite(join(folder, log), chance, 'noise'),
  log_header: (folder, chance) => flip(join(folder, log), chance, 1, 32),
  log_deleted: (folder) => rmSync(join(folder, log), { force: true }),
  main_bit: (folder, chance) => flip(join(folder, main), chance, 1),
  main_bits: (folder, chance) => flip(join(folder, main), chance, chance.int(2, 20)),
  main_zeroed: (folder, chance) => overwrite(join(folder, main), chance, 'zeros'),
  main_scribbled: (folder, chance) => overwrite(join(folder, main), chance, 'noise'),
  main_header: (folder, chance) => flip(join(folder, main), chance, chance.int(1, 5), 100),
  main_torn: (folder, chance) => tear(join(folder, main), chance),
  schema_bit: (folder, chance) => {
    for (const name of [main, log]) flipSchema(join(folder, name), chance);
  },
  main_value: (folder, chance) => {
    const places = listPlaces(folder);
    if (places.length > 0) putValue(folder, chance.pick(places), chance.pick(valuesOfAllKinds));
  },
  main_deleted: (folder) => rmSync(join(folder, main), { force: true }),
  main_is_no_database: (folder, chance) => writeFileSync(join(folder, main), noise(chance, chance.int(0, 50_000))),
  both_deleted: (folder) => {
    for (const name of [main, log, shared]) rmSync(join(folder, name), { force: true });
  },
  older_image: (folder, _chance, { earlier }) => {
    for (const name of [main, log, shared]) {
      rmSync(join(folder, name), { force: true });
      if (existsSync(join(earlier, name))) copyFileSync(join(earlier, name), join(folder, name));
    }
  },
  shared_deleted: (folder) => rmSync(join(folder, shared), { force: true }),
  shared_scribbled: (folder, chance) => overwrite(join(folder, shared), chance, 'noise'),
  head_deleted: (folder) => rmSync(join(folder, head), { force: true }),
  head_bit: (folder, chance) => flip(join(folder, head), chance, 1, 700),
  head_torn: (folder, chance) => tear(join(folder, head), chance),
  head_scribbled: (folder, chance) => writeFileSync(join(folder, head), noise(chance, chance.int(0, 30_000))),
} as const satisfies Record<string, Damage>;

const lengthOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function tear(file: string, chance: Chance): void {
  const length = lengthOf(file);
  if (length > 0) truncateSync(file, chance.int(0, length - 1));
}

function flip(file: string, chance: Chance, bits: number, within = lengthOf(file)): void {
  if (lengthOf(file) === 0) return;
  const bytes = readFileSync(file);
  for (let count = 0; count < bits; count += 1) {
    const at = chance.int(0, Math.min(within, bytes.length) - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.int(0, 7));
  }
  writeFileSync(file, bytes);
}

/** In what the file says of its own tables: where SQLite can still read that, it may call a column something else. */
function flipSchema(file: string, chance: Chance): void {
  const text = lengthOf(file) === 0 ? '' : readFileSync(file).toString('latin1');
  const starts = [...text.matchAll(/create table|create index/gi)].map(({ index }) => index);
  if (starts.length === 0) return;
  const bytes = Buffer.from(text, 'latin1');
  const at = Math.min(bytes.length - 1, chance.pick(starts) + chance.int(0, 700));
  bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.int(0, 7));
  writeFileSync(file, bytes);
}

function overwrite(file: string, chance: Chance, by: 'zeros' | 'noise'): void {
  const length = lengthOf(file);
  if (length === 0) return;
  const bytes = readFileSync(file);
  const from = chance.int(0, length - 1);
  const part = Math.min(length - from, chance.pick([512, 4_096, 20_000]));
  bytes.set(by === 'zeros' ? Buffer.alloc(part) : noise(chance, part), from);
  writeFileSync(file, bytes);
}

const noise = (chance: Chance, length: number): Buffer => Buffer.from(Array.from({ length }, () => chance.int(0, 255)));
