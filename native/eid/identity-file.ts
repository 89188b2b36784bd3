import type { Identity } from '../../contract/identity.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { parseBirthDate, parsePrintedDate } from './dates.ts';
import { documentKind } from './document-type.ts';
import { longestDate, longestField } from './limits.ts';
import { isNationalNumber } from './national-number.ts';
import { readResidence, residenceDates } from './residence.ts';
import { readSpecialOrganisation, readSpecialStatus } from './special-marks.ts';
import { decodePrinted, decodeText } from './text.ts';
import { parseTlv, type TlvError } from './tlv.ts';

export type IdentityFileError = TlvError | 'missing_field' | 'field_too_long' | 'chip_number' | 'national_number';

/**
 * Tags of file 4031 (applet 1.8 ID_ADRESSE_File v5; P:beid_p11.h:53-90). Those of `residence.ts` belong to it too. 00 is the
 * version of the file's format, which changes nothing here: fields were only ever added, and unknown ones are let be.
 */
const tag = {
  cardNumber: 0x01,
  chipNumber: 0x02,
  validFrom: 0x03,
  validUntil: 0x04,
  issuingMunicipality: 0x05,
  nationalNumber: 0x06,
  surname: 0x07,
  firstNames: 0x08,
  thirdNameInitial: 0x09,
  nationality: 0x0a,
  birthPlace: 0x0b,
  birthDate: 0x0c,
  sex: 0x0d,
  nobility: 0x0e,
  documentType: 0x0f,
  specialStatus: 0x10,
  photoHash: 0x11,
  duplicate: 0x12,
  specialOrganisation: 0x13,
  basicKeyHash: 0x1a,
} as const;

type Tag = (typeof tag)[keyof typeof tag];

/** Without these a card is nobody's. Any of the others may be absent or empty. */
const required: readonly Tag[] = [tag.cardNumber, tag.chipNumber, tag.nationalNumber, tag.surname, tag.birthDate];
const dates: readonly number[] = [tag.validFrom, tag.validUntil, tag.birthDate, ...residenceDates];

/** A woman's letter follows the card's language: femme, vrouw, weiblich. */
const sexes: ReadonlyMap<string, Identity['sex']> = new Map([
  ['M', 'male'],
  ['F', 'female'],
  ['V', 'female'],
  ['W', 'female'],
]);

/**
 * `photoHash` says by its length which generation of signatures the card carries (20, 32 or 48 bytes; empty: none).
 * `basicKeyHash` is empty on cards before applet 1.8. Both are views on the file.
 */
export type IdentityFile = { identity: Identity; photoHash: Uint8Array; basicKeyHash: Uint8Array };

/** What identity file 4031 says. A number that fails its check is refused: no card was ever printed with one. */
export function parseIdentityFile(file: Uint8Array): Result<IdentityFile, IdentityFileError> {
  const parsed = parseTlv(file);
  if (!parsed.ok) return parsed;
  const { fields } = parsed.value;
  const bytes = (wanted: Tag) => fields.get(wanted) ?? new Uint8Array(0);
  const text = (wanted: Tag) => decodeText(bytes(wanted));

  if (required.some((wanted) => !fields.has(wanted))) return refuse('missing_field');
  if ([...fields].some(([each, { length }]) => length > (dates.includes(each) ? longestDate : longestField)))
    return refuse('field_too_long');
  const chipNumber = bytes(tag.chipNumber);
  if (chipNumber.length !== 16) return refuse('chip_number');
  const nationalNumber = text(tag.nationalNumber);
  if (!isNationalNumber(nationalNumber)) return refuse('national_number');

  const code = text(tag.documentType);
  const kind = documentKind(code);
  const identity: Identity = {
    surname: text(tag.surname),
    firstNames: text(tag.firstNames),
    thirdNameInitial: text(tag.thirdNameInitial),
    nationalNumber,
    birthDate: parseBirthDate(decodePrinted(bytes(tag.birthDate))),
    birthPlace: text(tag.birthPlace),
    sex: sexes.get(text(tag.sex)) ?? 'unknown',
    nationality: text(tag.nationality),
    nobility: text(tag.nobility),
    documentType: { code, kind },
    cardNumber: text(tag.cardNumber),
    chipNumber: Buffer.from(chipNumber).toString('hex'),
    validFrom: parsePrintedDate(text(tag.validFrom)),
    validUntil: parsePrintedDate(text(tag.validUntil)),
    issuingMunicipality: text(tag.issuingMunicipality),
    specialStatus: readSpecialStatus(text(tag.specialStatus)),
    specialOrganisation: readSpecialOrganisation(text(tag.specialOrganisation)),
    duplicate: text(tag.duplicate),
    residence: kind === 'belgian' || kind === 'kids' ? null : readResidence(fields),
  };
  return ok({ identity, photoHash: bytes(tag.photoHash), basicKeyHash: bytes(tag.basicKeyHash) });
}
