import type { CardAddress } from '../../contract/identity.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { guessAddressParts } from './address-parts.ts';
import { longestField } from './limits.ts';
import { decodeText } from './text.ts';
import { parseTlv, type TlvError } from './tlv.ts';

const tag = { street: 0x01, postalCode: 0x02, municipality: 0x03 } as const;

/** What address file 4033 says. A person struck off the register has an empty one: that is an answer, not a fault. */
export function parseAddressFile(file: Uint8Array): Result<CardAddress, TlvError | 'field_too_long'> {
  const parsed = parseTlv(file);
  if (!parsed.ok) return parsed;
  const { fields } = parsed.value;
  const text = (wanted: number) => decodeText(fields.get(wanted) ?? new Uint8Array(0));
  if ([...fields.values()].some(({ length }) => length > longestField)) return refuse('field_too_long');
  const streetAndNumber = text(tag.street);
  return ok({
    streetAndNumber,
    postalCode: text(tag.postalCode),
    municipality: text(tag.municipality),
    parts: guessAddressParts(streetAndNumber),
  });
}
