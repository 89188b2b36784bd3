import * as z from 'zod';
import raw from './personas.json' with { type: 'json' };

/**
 * What is printed on the chip, in the fields and spellings of the applet's files: what a program must read back, byte for
 * byte, from the files that are not `altered`. Invented people only. A field that is left out has no tag on the chip.
 */
const IdentityFields = z.object({
  cardNumber: z.string(),
  validFrom: z.string(),
  validUntil: z.string(),
  issuingMunicipality: z.string(),
  nationalNumber: z.string().regex(/^\d{11}$/),
  surname: z.string(),
  firstNames: z.string(),
  thirdNameInitial: z.string(),
  nationality: z.string(),
  birthPlace: z.string(),
  /** A day and month that nobody knows are blanks. */
  birthDate: z.string(),
  sex: z.enum(['M', 'F', 'V', 'W']),
  nobility: z.string(),
  documentType: z.string(),
  specialStatus: z.string(),
  duplicate: z.string(),
  specialOrganisation: z.string().optional(),
  memberOfFamily: z.string().optional(),
  protection: z.string().optional(),
  workPermit: z.string().optional(),
  cardEuSince: z.string().optional(),
});
export type IdentityFields = z.infer<typeof IdentityFields>;

const AddressFields = z.object({ streetAndNumber: z.string(), postalCode: z.string(), municipality: z.string() });
export type AddressFields = z.infer<typeof AddressFields>;

const Shown = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  label: z.string(),
  about: z.string(),
  kind: z.enum(['eid', 'foreigner', 'tampered', 'other']),
});

/**
 * What was done to the chip after the National Register signed. `garbled`: the identity file cut off and overwritten.
 * `signature`: bytes of the identity's signature. `chain`: a certificate that names the test root as its issuer and was
 * signed by another key. `chip`: another chip, with a key of its own. `clone`: another chip that shows the copied key.
 */
const Altered = z.discriminatedUnion('field', [
  z.object({ field: z.enum(['streetAndNumber', 'surname']), to: z.string() }),
  z.object({ field: z.literal('photo'), to: z.string() }),
  z.object({ field: z.enum(['signature', 'chain', 'chip', 'clone', 'garbled']) }),
]);

/** How the National Register signs: its certificate's key, and the hash. Follows the applet unless a card was given new keys. */
export const Register = z.enum(['ec', 'rsa_sha256', 'rsa_sha1']);
export type Register = z.infer<typeof Register>;

const PhotoHash = z.enum(['sha1', 'sha256', 'sha384']);
export type PhotoHash = z.infer<typeof PhotoHash>;

const EidFields = Shown.extend({
  /** `worn`: recognised as an eID, but no file can be read. */
  card: z.enum(['eid', 'worn']),
  applet: z.enum(['17', '18']),
  identity: IdentityFields,
  address: AddressFields,
  photo: z.string(),
  register: Register.optional(),
  photoHash: PhotoHash.optional(),
  /** Which citizen certificates the chip holds; its keys are listed whatever it holds. */
  certificates: z.enum(['both', 'authentication', 'none']).default('both'),
  pin: z.enum(['fresh', 'blocked']).default('fresh'),
  /** The test authority says that the citizen's certificates are revoked. */
  revoked: z.boolean().default(false),
  /** Whose root issued the National Register's certificate: the test root, or one that nobody pins. */
  issuer: z.enum(['test', 'stranger']).default('test'),
  altered: Altered.optional(),
});

const registerOf = { 17: 'rsa_sha256', 18: 'ec' } as const;
const photoHashOf = { ec: 'sha384', rsa_sha256: 'sha256', rsa_sha1: 'sha1' } as const;

export const EidPersona = EidFields.transform((persona) => {
  const register = persona.register ?? registerOf[persona.applet];
  return { ...persona, register, photoHash: persona.photoHash ?? photoHashOf[register] };
});
export type EidPersona = z.infer<typeof EidPersona>;

const OtherPersona = Shown.extend({ card: z.enum(['foreign', 'mute']) });
export type OtherPersona = z.infer<typeof OtherPersona>;

const Persona = z.union([EidPersona, OtherPersona]);
export type Persona = z.infer<typeof Persona>;

export function isEid(persona: Persona): persona is EidPersona {
  return persona.card === 'eid' || persona.card === 'worn';
}

export const allPersonas: Persona[] = z.array(Persona).parse(raw);

/** What the demo dock shows: nothing of what is on the chip. */
export type PersonaCard = z.infer<typeof Shown>;
export const personas: PersonaCard[] = allPersonas.map(({ id, label, about, kind }) => ({ id, label, about, kind }));
