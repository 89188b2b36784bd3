import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Proof } from '../../contract/identity.ts';

const Line = z.looseObject({ at: z.iso.datetime().transform((text) => Date.parse(text)), event: z.string() });
/** Milliseconds since the look at the slots that saw the card (contract/card.ts). */
const CardRead = Proof.extend({ at: z.number(), identityMs: z.number(), provenMs: z.number(), photoMs: z.number().nullable() });

/** Milliseconds, all of them from `countedFrom`. */
export type CardFigures = {
  /** The first sight is up to one look at the slots later than the insertion, which nobody knows with a card put in by hand. */
  countedFrom: 'insertion' | 'first_sight';
  /** The identity drawn on the glass; null when it never was. */
  shownMs: number | null;
  /** In the card's process: the identity file read, the photo read (null: it has none), everything verified. */
  identityMs: number;
  photoMs: number | null;
  provenMs: number;
  proof: Proof;
};

/**
 * What a terminal's log tells of the first card read to its end since `inserted` (the system's clock, in milliseconds; null:
 * since the log begins): figures and outcomes, never who. Null when there was none.
 */
export function readCardFigures(dataDir: string, inserted: number | null): CardFigures | null {
  const since = inserted ?? 0;
  const lines = readFileSync(join(dataDir, 'loket', 'loket.log'), 'utf8')
    .trim()
    .split('\n');
  const later = lines.map((line) => Line.parse(JSON.parse(line))).filter(({ at }) => at >= Math.floor(since));
  const line = later.find(({ event }) => event === 'card_read');
  if (line === undefined) return null;
  const { at, identityMs, provenMs, photoMs, ...proof } = CardRead.parse(line);
  const seen = at - provenMs;
  const begin = inserted ?? seen;
  const shown = later.find(({ event }) => event === 'identity_shown');
  const count = (time: number) => Math.round(time - begin);
  return {
    countedFrom: inserted === null ? 'first_sight' : 'insertion',
    shownMs: shown === undefined ? null : count(shown.at),
    identityMs: count(seen + identityMs),
    photoMs: photoMs === null ? null : count(seen + photoMs),
    provenMs: count(seen + provenMs),
    proof: Proof.parse(proof),
  };
}
