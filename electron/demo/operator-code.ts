import { Secret, TOTP } from 'otpauth';
import type { DockView } from '../../contract/dock.ts';

/** The operator's phone of the demo: the code of RFC 6238 that the secret gives at `at`. */
export function operatorCodeAt(secret: string, at: Date): NonNullable<DockView['operatorCode']> {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const timestamp = at.getTime();
  return { code: totp.generate({ timestamp }), seconds: Math.ceil(totp.remaining({ timestamp }) / 1000) };
}
