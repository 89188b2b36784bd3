import type { CardState } from '../../contract/card.ts';
import type { Identity, Proof } from '../../contract/identity.ts';

/** Invented people for tests: serial 998 and 997 are reached by no birth day. */
export const ada: Identity = {
  surname: 'Testenaere',
  firstNames: 'Ada Miranda',
  thirdNameInitial: '',
  nationalNumber: '94031299855',
  birthDate: { year: 1994, month: 3, day: 12, original: '12 MAA 1994' },
  birthPlace: 'Kortrijk',
  sex: 'female',
  nationality: 'Belg',
  nobility: '',
  documentType: { code: '1', kind: 'belgian' },
  cardNumber: '592000000017',
  chipNumber: 'aa'.repeat(16),
  validFrom: { date: '2021-05-01', original: '01.05.2021' },
  validUntil: { date: '2031-05-01', original: '01.05.2031' },
  issuingMunicipality: 'Kortrijk',
  specialStatus: { code: '0', whiteCane: false, yellowCane: false, extendedMinority: false },
  specialOrganisation: { code: '', kind: 'none' },
  duplicate: '00',
  residence: null,
};

export const bram: Identity = { ...ada, surname: 'Proefstuck', firstNames: 'Bram', chipNumber: 'bb'.repeat(16) };

export const proven: Proof = {
  identity: 'proven',
  address: 'proven',
  photo: 'proven',
  basicKey: 'unchecked',
  issuer: 'proven',
  validity: 'valid',
};
export const unchecked: Proof = {
  identity: 'unchecked',
  address: 'unchecked',
  photo: 'unchecked',
  basicKey: 'unchecked',
  issuer: 'unchecked',
  validity: 'unknown',
};

const address = {
  streetAndNumber: 'Zandkapelstraat 18',
  postalCode: '8500',
  municipality: 'Kortrijk',
  parts: { street: 'Zandkapelstraat', houseNumber: '18', box: null },
};
const times = { identityMs: 1, provenMs: 2, photoMs: 3 };
const ways = { authentication: ['pin_view' as const], signature: [] };
const file = 'AAAA';
const evidence = {
  identityFile: file,
  identitySignature: file,
  addressFile: file,
  addressSignature: file,
  nationalRegisterCertificate: file,
};

export function identityState(identity: Identity, insertion: number): CardState {
  return { state: 'identity', insertion, identity, address: null, proof: unchecked, times };
}

export function completeState(identity: Identity, insertion: number, proof: Proof = proven): CardState {
  return { state: 'complete', insertion, identity, address, photo: null, proof, evidence, ways, times };
}
