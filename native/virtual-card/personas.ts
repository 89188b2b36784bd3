import * as z from 'zod';
import raw from './personas.json' with { type: 'json' };

/** What is printed on the chip, in the fields and spellings of the applet's files. Invented people only. */
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
  birthDate: z.string(),
  sex: z.enum(['M', 'F', 'V', 'W']),
  nobility: z.string(),
  documentType: z.string(),
  specialStatus: z.string(),
  duplicate: z.string(),
  workPermit: z.string().optional(),
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

const EidPersona = Shown.extend({
  /** `worn`: recognised as an eID, but no file can be read. */
  card: z.enum(['eid', 'worn']),
  applet: z.enum(['17', '18']),
  identity: IdentityFields,
  address: AddressFields,
  photo: z.string(),
  /** Whose root issued the National Register's certificate: the test root, or one that nobody pins. */
  issuer: z.enum(['test', 'stranger']).default('test'),
  /** Changed on the chip after the National Register signed. `garbled`: the identity file cut off and overwritten. */
  altered: z.object({ field: z.enum(['streetAndNumber', 'surname', 'garbled']), to: z.string().optional() }).optional(),
});
export type EidPersona = z.infer<typeof EidPersona>;

const OtherPersona = Shown.extend({ card: z.enum(['foreign', 'mute']) });
export type OtherPersona = z.infer<typeof OtherPersona>;

const Persona = z.discriminatedUnion('card', [EidPersona, OtherPersona]);
export type Persona = z.infer<typeof Persona>;

export function isEid(persona: Persona): persona is EidPersona {
  return persona.card === 'eid' || persona.card === 'worn';
}

export const allPersonas: Persona[] = z.array(Persona).parse(raw);

/** What the demo dock shows: nothing of what is on the chip. */
export type PersonaCard = z.infer<typeof Shown>;
export const personas: PersonaCard[] = allPersonas.map(({ id, label, about, kind }) => ({ id, label, about, kind }));
