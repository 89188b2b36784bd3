const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/**
 * Control characters, line separators, and what is there without being seen (joiners, soft hyphens, marks that turn the
 * direction of writing): nothing on a real card needs them, and with them an unproven card could show a name that is not
 * the one that is sent.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text as the card prints it, with U+FFFD for every byte that is no UTF-8. Padding around it is kept. */
export function decodePrinted(bytes: Uint8Array): string {
  return utf8.decode(bytes).replace(unprintable, '\ufffd');
}

/** The same without the padding (spaces and zero bytes) around it. */
export function decodeText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return decodePrinted(bytes.subarray(0, end)).trim();
}
