/**
 * The first DER SEQUENCE of `bytes` and nothing after it, or null when it is cut off or none. Card files are longer than
 * what they hold: CERT_RN_FILE drags up to 1100 zero bytes along, the address signature is padded with zeroes.
 */
export function cutDerSequence(bytes: Uint8Array): Uint8Array | null {
  const [kind, first] = bytes;
  if (kind !== 0x30 || first === undefined) return null;
  if (first < 0x80) return upTo(bytes, 2 + first);
  const count = first & 0x7f;
  // DER lengths above 65,535 do not fit on a card; 0x80 is BER's indefinite length, which DER does not know (X.690 10.1).
  if (count < 1 || count > 2 || bytes.length < 2 + count) return null;
  const length = bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return upTo(bytes, 2 + count + length);
}

function upTo(bytes: Uint8Array, end: number): Uint8Array | null {
  return end <= bytes.length ? bytes.subarray(0, end) : null;
}
