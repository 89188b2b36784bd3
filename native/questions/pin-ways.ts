import type { KeyUse, PinWay } from '../../contract/card.ts';
import type { Token } from '../pkcs11/session.ts';

/**
 * Where a PIN can be typed, in order of preference. It belongs on the reader's own keys where there are any. The signature
 * key wants its PIN in the same breath and takes none from us: the library asks for it, on the pinpad or in its dialog,
 * also after C_Login (CL:card.cpp SignInternal).
 */
export function waysToGivePin(use: KeyUse, token: Token, allowDialog: boolean): PinWay[] {
  if (token.pinpad) return ['pinpad'];
  if (use === 'authentication') return ['pin_view'];
  return token.dialogs && allowDialog ? ['dialog'] : [];
}
