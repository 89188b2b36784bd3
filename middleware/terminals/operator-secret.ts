import { createHmac } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/**
 * The secret of a terminal's one-time operator codes (RFC 6238), 20 bytes as RFC 4226 recommends, base32. Made of a key
 * that is not in the database and a salt that changes by each enrolment.
 */
export function operatorSecretOf(operatorKey: Uint8Array, terminal: string, salt: Uint8Array): string {
  const bytes = createHmac('sha256', operatorKey)
    .update(JSON.stringify(['loket/operator/1', terminal]))
    .update(Uint8Array.of(0))
    .update(salt)
    .digest();
  return new Secret({ buffer: Uint8Array.from(bytes.subarray(0, 20)).buffer }).base32;
}

/** Six digits of 30 s, as every authenticator shows them. `seconds`: how long they still hold. */
export function operatorCodeAt(secret: string, now: Date): { code: string; seconds: number } {
  const totp = new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 });
  const timestamp = now.getTime();
  return { code: totp.generate({ timestamp }), seconds: Math.ceil(totp.remaining({ timestamp }) / 1000) };
}
