import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Proof } from '../../contract/identity.ts';

const milliseconds = z.number().nullable();
const CardFigures = Proof.extend({
  /** From the first news of the card to its identity drawn on the glass. */
  shownMs: milliseconds,
  identityMs: milliseconds,
  provenMs: milliseconds,
  photoMs: milliseconds,
});
export type CardFigures = z.infer<typeof CardFigures>;

/** The first read of a card that a terminal's log tells of (figures and outcomes, never who). Null when there was none. */
export function readCardFigures(dataDir: string): CardFigures | null {
  const lines = readFileSync(join(dataDir, 'loket', 'loket.log'), 'utf8')
    .trim()
    .split('\n');
  const first = (event: string) => lines.map((line) => JSON.parse(line)).find((line) => line.event === event);
  const read = first('card_read');
  return read ? CardFigures.parse({ ...read, shownMs: first('identity_shown')?.ms ?? null }) : null;
}
