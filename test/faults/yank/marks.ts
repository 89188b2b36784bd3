import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CardState } from '../../../contract/card.ts';
import type { KioskView } from '../../../contract/view.ts';

/** Every text and picture that names somebody, with the personas whose cards carry it. */
export type Marks = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the marks from the cards' own files, so that the oracle does not rely on the parser that it watches. */
export function readMarks(cards: string, personas: readonly string[]): Marks {
  const marks = new Map<string, Set<string>>();
  for (const persona of personas) {
    const folder = join(cards, persona);
    if (!existsSync(join(folder, 'identity'))) continue;
    for (const mark of marksOf(folder)) marks.set(mark, (marks.get(mark) ?? new Set()).add(persona));
  }
  return marks;
}

function marksOf(folder: string): string[] {
  const identity = readFields(join(folder, 'identity'));
  const address = readFields(join(folder, 'address'));
  const [surname = '', firstNames = '', number = ''] = [0x07, 0x08, 0x06].map((tag) => identity.get(tag));
  const [street = '', zip = '', municipality = ''] = [0x01, 0x02, 0x03].map((tag) => address.get(tag));
  const masked = `${firstNames.split(' ')[0]} ${[...surname][0]}••••`.trim();
  const names = [surname, [firstNames, surname].filter(Boolean).join(' '), masked, number];
  return [...names, street, `${zip} ${municipality}`.trim(), readFileSync(join(folder, 'photo')).toString('base64')].filter(Boolean);
}

/** DOC:content v5_4 section 6.1: tag, length (FF: 255 more, and on), value; a tag 0 that is not the first ends the file. */
function readFields(file: string): Map<number, string> {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const fields = new Map<number, string>();
  for (let at = 0; at + 1 < bytes.length; ) {
    const tag = bytes[at++] ?? 0;
    if (tag === 0 && at > 1) break;
    let length = 0;
    while (bytes[at] === 0xff) {
      length += 0xff;
      at += 1;
    }
    length += bytes[at++] ?? 0;
    fields.set(tag, bytes.subarray(at, at + length).toString('utf8'));
    at += length;
  }
  return fields;
}

/**
 * Who it can be that these texts are about: those whose cards carry all of the marks among them. Null when there is no mark,
 * an empty set when no single card carries them all.
 */
export function whoFits(marks: Marks, texts: readonly string[]): ReadonlySet<string> | null {
  const sets = texts.flatMap((text) => marks.get(text) ?? []);
  return sets.reduce<ReadonlySet<string> | null>((fits, set) => (fits === null ? set : inBoth(fits, set)), null);
}

export function inBoth(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one].filter((each) => other.has(each)));
}

/** All texts of a view, wherever they stand: a new kind of page is watched without being told of. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

export function textsOfState(state: CardState): string[] {
  if (state.state !== 'identity' && state.state !== 'complete') return [];
  const { identity, address } = state;
  const texts = [identity.surname, identity.nationalNumber];
  if (address !== null) texts.push(address.streetAndNumber);
  if (state.state === 'complete' && state.photo !== null) texts.push(state.photo);
  return texts;
}

/** What lies open on the glass: nothing under a cover, but the warning of a visit that is idle covers nothing. */
export function textsOfView(view: KioskView): string[] {
  return view.cover !== null && view.cover.kind !== 'idle' ? [] : textsOf([view.who, view.screen]);
}
