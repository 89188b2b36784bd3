import type { Identity } from '../../contract/identity.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { parseBirthDate, parseCardDate } from './dates.ts';
import { documentKind } from './document-type.ts';
import { isNationalNumber } from './national-number.ts';
import { decodePrinted, decodeText } from './text.ts';
import { parseTlv, type TlvError } from './tlv.ts';

export type IdentityFileError = TlvError | 'missing_field' | 'field_too_long' | 'chip_number' | 'national_number';

/** Tags of file 4031 (applet 1.8 ID_ADRESSE_File v5; P:beid_p11.h:53-90). */
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
  photoHash: 0x11,
} as const;

type Tag = (typeof tag)[keyof typeof tag];

/** Without these a card is nobody's. Any of the others may be absent or empty. */
const required: readonly Tag[] = [tag.cardNumber, tag.chipNumber, tag.nationalNumber, tag.surname, tag.birthDate];

const longestText = 512;
const longestDate = 64;

/** A woman's letter follows the card's language: femme, vrouw, weiblich. */
const sexes: ReadonlyMap<string, Identity['sex']> = new Map([
  ['M', 'male'],
  ['F', 'female'],
  ['V', 'female'],
  ['W', 'female'],
]);

/** `photoHash` says by its length which generation of signatures the card carries (20, 32 or 48 bytes; empty: none). */
export type IdentityFile = { identity: Identity; photoHash: Uint8Array };

/** What identity file 4031 says. A number that fails its check is refused: no card was ever printed with one. */
export function parseIdentityFile(file: Uint8Array): Result<IdentityFile, IdentityFileError> {
  const parsed = parseTlv(file);
  if (!parsed.ok) return parsed;
  const fields = parsed.value;
  const bytes = (wanted: Tag) => fields.get(wanted) ?? new Uint8Array(0);
  const text = (wanted: Tag) => decodeText(bytes(wanted));

  if (required.some((wanted) => !fields.has(wanted))) return refuse('missing_field');
  if (Object.values(tag).some((wanted) => bytes(wanted).length > longestText)) return refuse('field_too_long');
  if (bytes(tag.birthDate).length > longestDate) return refuse('field_too_long');
  const chipNumber = bytes(tag.chipNumber);
  if (chipNumber.length !== 16) return refuse('chip_number');
  const nationalNumber = text(tag.nationalNumber);
  if (!isNationalNumber(nationalNumber)) return refuse('national_number');

  const code = text(tag.documentType);
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
    documentType: { code, kind: documentKind(code) },
    cardNumber: text(tag.cardNumber),
    chipNumber: Buffer.from(chipNumber).toString('hex'),
    validFrom: parseCardDate(text(tag.validFrom)),
    validUntil: parseCardDate(text(tag.validUntil)),
    issuingMunicipality: text(tag.issuingMunicipality),
  };
  return ok({ identity, photoHash: bytes(tag.photoHash) });
}
