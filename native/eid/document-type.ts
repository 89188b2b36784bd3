import type { Identity } from '../../contract/identity.ts';

type Kind = Identity['documentType']['kind'];

/** Tag 0F (applet 1.8 ID_ADRESSE_File v5). 7 and 8, bootstrap and habilitation cards, are nobody's identity card. */
const foreigners = new Set('11 12 13 14 15 16 17 18 19 20 21 22 23 27 28 31 32 33 34 35 36 61 62 63 64 65 66 67 68 69'.split(' '));

/** Unknown codes are `other`: new kinds of cards appear every few years and must not stop anybody. */
export function documentKind(code: string): Kind {
  const plain = code.replace(/^0+(?=\d)/, '');
  if (plain === '1') return 'belgian';
  if (plain === '6') return 'kids';
  return foreigners.has(plain) ? 'foreigner' : 'other';
}
