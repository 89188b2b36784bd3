import type { CardAddress } from '../../contract/identity.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { decodeText } from './text.ts';
import { parseTlv, type TlvError } from './tlv.ts';

const tag = { street: 0x01, postalCode: 0x02, municipality: 0x03 } as const;
const longestText = 512;

/** What address file 4033 says. A person struck off the register has an empty one: that is an answer, not a fault. */
export function parseAddressFile(file: Uint8Array): Result<CardAddress, TlvError | 'field_too_long'> {
  const parsed = parseTlv(file);
  if (!parsed.ok) return parsed;
  const bytes = (wanted: number) => parsed.value.get(wanted) ?? new Uint8Array(0);
  if (Object.values(tag).some((wanted) => bytes(wanted).length > longestText)) return refuse('field_too_long');
  return ok({
    streetAndNumber: decodeText(bytes(tag.street)),
    postalCode: decodeText(bytes(tag.postalCode)),
    municipality: decodeText(bytes(tag.municipality)),
  });
}
