import type { Attachment } from '../../../contract/attachment.ts';

export type MediaType = Attachment['mediaType'];

/** How such a file begins: ISO/IEC 10918-1 (SOI and a marker), PNG (W3C, 5.2), ISO 32000-1 (7.5.2). */
const beginnings: Record<MediaType, readonly number[]> = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
};

/** What a file is named says little. That it is whole and harmless is not looked at here. */
export function isOfType(start: Uint8Array, type: MediaType): boolean {
  return beginnings[type].every((byte, at) => start[at] === byte);
}
