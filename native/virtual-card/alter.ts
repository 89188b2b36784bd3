import { createHash } from 'node:crypto';
import type { CardFiles } from './card-files.ts';
import { makeKeys, privateKeyBytes, publicKeyBytes } from './certificates.ts';
import type { EidPersona } from './personas.ts';
import { text } from './tlv.ts';

function fileOf(files: CardFiles, name: string): Buffer {
  const file = files[name];
  if (file === undefined) throw new Error(`this card has no file ${name}`);
  return file;
}

function replaceText(file: Buffer, from: string, to: string): Buffer {
  const at = file.indexOf(text(from));
  if (at < 0 || text(from).length !== text(to).length) throw new Error(`persona's change does not fit: ${from.length} bytes`);
  const changed = Buffer.from(file);
  text(to).copy(changed, at);
  return changed;
}

/** One bit of the last byte of an ECDSA signature's s: still a signature by its form, of nothing. */
function spoil(signature: Buffer): Buffer {
  const changed = Buffer.from(signature);
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
  return changed;
}

function garble(identity: Buffer, seed: string): Buffer {
  const noise = createHash('sha512').update(seed).digest();
  return Buffer.concat([identity.subarray(0, 21), noise, Buffer.from([0x07, 0xff, 0xff, 0x41])]);
}

/** What happened to the chip after the National Register signed its files. `photo`: the drawn face of another one. */
export async function alter(persona: EidPersona, files: CardFiles, photo: (file: string) => Buffer): Promise<void> {
  const { altered } = persona;
  if (altered === undefined) return;
  const identity = fileOf(files, 'identity');
  switch (altered.field) {
    case 'surname':
      files.identity = replaceText(identity, persona.identity.surname, altered.to);
      return;
    case 'streetAndNumber':
      files.address = replaceText(fileOf(files, 'address'), persona.address.streetAndNumber, altered.to);
      return;
    case 'photo':
      files.photo = photo(altered.to);
      return;
    case 'signature':
      files['identity-sign'] = spoil(fileOf(files, 'identity-sign'));
      return;
    case 'garbled':
      files.identity = garble(identity, persona.id);
      return;
    case 'chip':
    case 'clone': {
      const keys = await makeKeys('p384');
      files['card-key'] = await privateKeyBytes(keys.privateKey);
      if (altered.field === 'chip') files['basic-key'] = await publicKeyBytes(keys.publicKey);
      return;
    }
    // The issuers forged it when they made the certificate.
    case 'chain':
      return;
  }
}
