import { createHash } from 'node:crypto';
import type { AddressFields, EidPersona, IdentityFields } from './personas.ts';
import { encodeField, padTo, text } from './tlv.ts';

/** The files of a chip, by the names that the module gives them. */
export type CardFiles = Record<string, Buffer>;

/** 16 bytes as a chip has them; the last 8, in hexadecimal, are the token's serial number. */
export function chipNumber(persona: EidPersona): Buffer {
  const own = createHash('sha256').update(`loket virtual card ${persona.id}`).digest().subarray(0, 8);
  return Buffer.concat([Buffer.from('534C494E33660013', 'hex'), own]);
}

export type IdentityHashes = { chip: Buffer; photo: Buffer; basicKey: Buffer | null };

/** Tags in the order of the applet's file (DOC "ID_ADRESSE_File" v5). */
export function identityFile(fields: IdentityFields, { chip, photo, basicKey }: IdentityHashes): Buffer {
  const optional = (value: string | undefined) => (value === undefined ? null : text(value));
  const parts: [number, Buffer | null][] = [
    [0x00, Buffer.from([0x00, 0x05])],
    [0x01, text(fields.cardNumber)],
    [0x02, chip],
    [0x03, text(fields.validFrom)],
    [0x04, text(fields.validUntil)],
    [0x05, text(fields.issuingMunicipality)],
    [0x06, text(fields.nationalNumber)],
    [0x07, text(fields.surname)],
    [0x08, text(fields.firstNames)],
    [0x09, text(fields.thirdNameInitial)],
    [0x0a, text(fields.nationality)],
    [0x0b, text(fields.birthPlace)],
    [0x0c, text(fields.birthDate)],
    [0x0d, text(fields.sex)],
    [0x0e, text(fields.nobility)],
    [0x0f, text(fields.documentType)],
    [0x10, text(fields.specialStatus)],
    [0x11, photo],
    [0x12, text(fields.duplicate)],
    [0x13, optional(fields.specialOrganisation)],
    [0x14, optional(fields.memberOfFamily)],
    [0x15, optional(fields.protection)],
    [0x16, optional(fields.workPermit)],
    [0x1a, basicKey],
    [0x1f, optional(fields.cardEuSince)],
  ];
  return Buffer.concat(parts.flatMap(([tag, value]) => (value === null ? [] : [encodeField(tag, value)])));
}

export function addressFile(fields: AddressFields): Buffer {
  const content = Buffer.concat([
    encodeField(0x00, Buffer.from([0x00, 0x01])),
    encodeField(0x01, text(fields.streetAndNumber)),
    encodeField(0x02, text(fields.postalCode)),
    encodeField(0x03, text(fields.municipality)),
  ]);
  return padTo(content, 117);
}

/** What the chip answers to GET CARD DATA: 31 bytes on applet 1.8, 28 on 1.7. */
export function cardData(persona: EidPersona, chip: Buffer): Buffer {
  const rest = persona.applet === '18' ? 'A504010101180001010000 0F 030A03' : 'A5030101011700030021010F';
  return Buffer.concat([chip, Buffer.from(rest.replaceAll(' ', ''), 'hex')]);
}

/**
 * A drawn face with the persona's id in a JPEG comment (T.81 B.2.4.5): several share a drawing, and no two share a
 * photo, so that a photo that came with another person's name shows.
 */
export function stampPhoto(drawn: Buffer, id: string): Buffer {
  const comment = text(`loket ${id}`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(comment.length + 2);
  // The two bytes of SOI, then the JFIF header: its marker, and a length that counts itself.
  const afterHeader = 4 + drawn.readUInt16BE(4);
  return Buffer.concat([drawn.subarray(0, afterHeader), Buffer.from([0xff, 0xfe]), length, comment, drawn.subarray(afterHeader)]);
}

/** The zero bytes that the chip's certificate files end with: 1100 on applet 1.8, 50 on 1.7. */
export function padCertificates(files: CardFiles, applet: EidPersona['applet']): void {
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('-cert')) files[name] = Buffer.concat([content, Buffer.alloc(applet === '18' ? 1100 : 50)]);
  }
}
