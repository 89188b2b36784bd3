import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Signer } from './certificates.ts';

/**
 * What a test authority needs to say which of the cards' certificates are revoked: the keys of the test root and of the
 * citizens' CAs. Made with the cards, in `authority/` beside them, and as short-lived.
 */

/** `serial`: hexadecimal, lower case, as `@peculiar/x509` gives it. */
const Revoked = z.object({ issuer: z.string(), serial: z.string().regex(/^[0-9a-f]+$/) });
export type Revoked = z.infer<typeof Revoked>;

const Listed = z.object({ issuers: z.array(z.string()), revoked: z.array(Revoked) });

/** One certificate authority. `name`: its list is at http://crl.loket.invalid/NAME.crl. */
export type Authority = {
  name: string;
  /** DER. */
  certificate: Buffer;
  /** PKCS#8, DER. */
  key: Buffer;
  /** Serial numbers of the certificates that it revoked. */
  revoked: string[];
};

const defaultFolder = path.resolve(import.meta.dirname, '../../.cache/virtual-card');

function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`;
}

export async function writeAuthority(
  out: string,
  { signers, revoked }: { signers: readonly Signer[]; revoked: readonly Revoked[] },
): Promise<void> {
  const folder = path.join(out, 'authority');
  mkdirSync(folder, { recursive: true });
  for (const { name, certificate, keys } of signers) {
    const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    writeFileSync(path.join(folder, `${name}.pem`), pem('CERTIFICATE', Buffer.from(certificate.rawData)));
    writeFileSync(path.join(folder, `${name}.key`), pem('PRIVATE KEY', key), { mode: 0o600 });
  }
  writeFileSync(path.join(folder, 'authority.json'), JSON.stringify({ issuers: signers.map(({ name }) => name), revoked }, null, 2));
}

/** The root (`root`) and the citizens' CAs (`citizen-ca-ec`, `citizen-ca-rsa`), after `buildVirtualCard`. */
export function loadAuthorities(folder = defaultFolder): Authority[] {
  const file = (name: string) => readFileSync(path.join(folder, 'authority', name));
  const { issuers, revoked } = Listed.parse(JSON.parse(file('authority.json').toString('utf8')));
  return issuers.map((name) => ({
    name,
    certificate: new X509Certificate(file(`${name}.pem`)).raw,
    key: createPrivateKey(file(`${name}.key`)).export({ format: 'der', type: 'pkcs8' }),
    revoked: revoked.filter(({ issuer }) => issuer === name).map(({ serial }) => serial),
  }));
}
