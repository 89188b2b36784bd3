import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * A person's number under a key that comes of the grant's token alone (HKDF, RFC 5869; AES-256-GCM). Whoever has the
 * database and not the token reads nothing, and instances share no key. Bound to terminal and visit: a row that is moved
 * to another does not open.
 */
export type Binding = { terminal: string; visit: string };

const lengths = { nonce: 12, tag: 16 } as const;

export function sealPerson(token: Uint8Array, ssin: string, binding: Binding): Buffer {
  const nonce = randomBytes(lengths.nonce);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), nonce).setAAD(bytesOf(binding));
  const sealed = Buffer.concat([cipher.update(ssin, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
}

/** Null: not sealed with this token for this terminal and visit. */
export function openPerson(token: Uint8Array, sealed: Uint8Array, binding: Binding): string | null {
  if (sealed.length < lengths.nonce + lengths.tag) return null;
  const [nonce, text, tag] = [
    sealed.subarray(0, lengths.nonce),
    sealed.subarray(lengths.nonce, -lengths.tag),
    sealed.subarray(-lengths.tag),
  ];
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), nonce).setAAD(bytesOf(binding)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function keyOf(token: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', token, '', 'loket/grant/person/1', 32));
}

function bytesOf({ terminal, visit }: Binding): Buffer {
  return Buffer.from(JSON.stringify([terminal, visit]));
}
