import * as z from 'zod';

/**
 * A date as the card prints it. A Belgian card may leave day and month open (people whose birthday nobody knows),
 * and prints months as localised abbreviations; `original` keeps what was printed, so that no guess replaces it.
 */
export const PartialDate = z.object({
  year: z.int().min(1800).max(2200).nullable(),
  month: z.int().min(1).max(12).nullable(),
  day: z.int().min(1).max(31).nullable(),
  original: z.string().max(64),
});
export type PartialDate = z.infer<typeof PartialDate>;

/** A date printed as digits (DD.MM.YYYY). `date` is ISO 8601, or null when what was printed is no day of any calendar. */
export const PrintedDate = z.object({ date: z.iso.date().nullable(), original: z.string().max(64) });
export type PrintedDate = z.infer<typeof PrintedDate>;

/** What only cards of foreigners carry (tags 14-19, 1B-1F). Codes as they stand on the card; empty when absent. */
export const Residence = z.object({
  memberOfFamily: z.boolean(),
  /** Tag 15, `DD.MM.YYYY-CC`: since when, and which country gave protection (ISO 3166-1 alpha-2). */
  protection: z.object({ since: PrintedDate, country: z.string() }).nullable(),
  /** Tag 16: 7, 8, 9 or A. */
  workPermit: z.string(),
  employerVatNumbers: z.array(z.string()).max(2),
  regionalFileNumber: z.string(),
  brexitMentions: z.array(z.string()).max(2),
  cardAMentions: z.array(z.string()).max(2),
  cardEuSince: PrintedDate.nullable(),
});
export type Residence = z.infer<typeof Residence>;

/** What the identity file (4031) of a Belgian eID says. Field meanings: applet 1.8 "ID_ADRESSE_File" v5, tags 00-1F. */
export const Identity = z.object({
  surname: z.string(),
  firstNames: z.string(),
  /** First letter of the third given name, tag 09; empty when there is none. */
  thirdNameInitial: z.string(),
  /** 11 digits. Never in a log, a URL, a file name or a window title. */
  nationalNumber: z.string().regex(/^\d{11}$/),
  birthDate: PartialDate,
  birthPlace: z.string(),
  sex: z.enum(['male', 'female', 'unknown']),
  /** Localised text as printed, not a code. */
  nationality: z.string(),
  nobility: z.string(),
  documentType: z.object({ code: z.string(), kind: z.enum(['belgian', 'kids', 'foreigner', 'other']) }),
  cardNumber: z.string(),
  /** 32 hexadecimal digits: identifies the card, so that only the same card continues a visit. */
  chipNumber: z.string(),
  validFrom: PrintedDate,
  validUntil: PrintedDate,
  issuingMunicipality: z.string(),
  /** Tag 10. `yellowCane`: severely impaired sight. Of an unknown code nothing is true. */
  specialStatus: z.object({
    code: z.string(),
    whiteCane: z.boolean(),
    yellowCane: z.boolean(),
    extendedMinority: z.boolean(),
  }),
  /** Tag 13. */
  specialOrganisation: z.object({
    code: z.string(),
    kind: z.enum(['none', 'shape', 'nato', 'former_blue_card', 'researcher', 'other']),
  }),
  /** Tag 12: how many times this document was issued anew, as printed ("00"). */
  duplicate: z.string(),
  /** Null on a Belgian's card, and on a foreigner's that has none of it. */
  residence: Residence.nullable(),
});
export type Identity = z.infer<typeof Identity>;

/** The address file (4033), as printed. The register's parsed address is another thing and keeps its own name. */
export const CardAddress = z.object({
  streetAndNumber: z.string(),
  postalCode: z.string(),
  municipality: z.string(),
  /** A reading of `streetAndNumber`, never shown in its place; null when it has no house number that can be told apart. */
  parts: z.object({ street: z.string(), houseNumber: z.string(), box: z.string().nullable() }).nullable(),
});
export type CardAddress = z.infer<typeof CardAddress>;

/** `unchecked`: not looked at yet, or the card does not carry what is needed to look. Never shown as proven. */
export const Outcome = z.enum(['proven', 'not_proven', 'unchecked']);
export type Outcome = z.infer<typeof Outcome>;

/** What was proven about the card's contents. Everything but `proven` is said as such on the screen. */
export const Proof = z.object({
  /** The National Register's signature over the identity file. */
  identity: Outcome,
  /** The National Register's signature over the address file and the identity signature. */
  address: Outcome,
  /** The photo's hash is the one in the (signed) identity file. */
  photo: Outcome,
  /** The hash of the chip's public key (1.8) is the one in the identity file. */
  basicKey: Outcome,
  /**
   * The signer's certificate was issued by a pinned root. `other_time`: it was, and the identity's signature holds, and yet
   * certificate and root were both good at no moment of this card's life (tags 03 to 04). Never by the terminal's clock.
   */
  issuer: z.enum([...Outcome.options, 'other_time']),
  /** The card is within its own dates: by the terminal's clock, so never a reason to refuse on its own. */
  validity: z.enum(['valid', 'expired', 'not_yet', 'unknown']),
});
export type Proof = z.infer<typeof Proof>;

/** Raw card files, base64. Part of the evidence (evidence.ts). */
export const CardEvidence = z.object({
  identityFile: z.base64(),
  identitySignature: z.base64(),
  addressFile: z.base64(),
  addressSignature: z.base64(),
  nationalRegisterCertificate: z.base64(),
});
export type CardEvidence = z.infer<typeof CardEvidence>;

/** Whether identity and address may be filled in as proven facts. The one place where that is decided. */
export function isProven(proof: Proof): boolean {
  return proof.issuer === 'proven' && proof.identity === 'proven' && proof.address === 'proven';
}
