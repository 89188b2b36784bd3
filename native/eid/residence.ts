import type { Residence } from '../../contract/identity.ts';
import { parsePrintedDate } from './dates.ts';
import { decodeText } from './text.ts';

/** What only foreigners' cards carry (applet 1.8 ID_ADRESSE_File v5). */
const tag = {
  memberOfFamily: 0x14,
  protection: 0x15,
  workPermit: 0x16,
  employerVat: [0x17, 0x18],
  regionalFileNumber: 0x19,
  brexitMentions: [0x1b, 0x1c],
  cardAMentions: [0x1d, 0x1e],
  cardEuSince: 0x1f,
} as const;

export const residenceDates: readonly number[] = [tag.protection, tag.cardEuSince];

/** Null when the card has none of it. Tag 14 is a flag: that it is there says it. */
export function readResidence(fields: ReadonlyMap<number, Uint8Array>): Residence | null {
  const text = (wanted: number) => decodeText(fields.get(wanted) ?? new Uint8Array(0));
  const texts = (wanted: readonly number[]) => wanted.map(text).filter((each) => each !== '');
  const cardEuSince = text(tag.cardEuSince);
  const residence: Residence = {
    memberOfFamily: fields.has(tag.memberOfFamily) && text(tag.memberOfFamily) !== '0',
    protection: readProtection(text(tag.protection)),
    workPermit: text(tag.workPermit),
    employerVatNumbers: texts(tag.employerVat),
    regionalFileNumber: text(tag.regionalFileNumber),
    brexitMentions: texts(tag.brexitMentions),
    cardAMentions: texts(tag.cardAMentions),
    cardEuSince: cardEuSince === '' ? null : parsePrintedDate(cardEuSince),
  };
  return isEmpty(residence) ? null : residence;
}

/** "DD.MM.YYYY-CC". What is written otherwise stays as it is, with no country. */
function readProtection(text: string): Residence['protection'] {
  if (text === '') return null;
  const [, since = text, country = ''] = /^(.*)-([A-Z]{2})$/s.exec(text) ?? [];
  return { since: parsePrintedDate(since), country };
}

function isEmpty(residence: Residence): boolean {
  return Object.values(residence).every((value) => !value || (Array.isArray(value) && value.length === 0));
}
