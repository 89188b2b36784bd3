import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CardState } from '../contract/card.ts';
import type { CardAddress, Identity, Proof, Residence } from '../contract/identity.ts';
import { type FakeParent, startFakeParent } from './fake-parent.ts';
import { buildVirtualCard, type VirtualCard } from './virtual-card/control.ts';
import { allPersonas, type EidPersona, isEid } from './virtual-card/personas.ts';
import { insertCard, makeReader, readState, removeCard } from './virtual-card/reader.ts';

/**
 * Every persona through the real PKCS#11 module, pkcs11js and card reader, one card after the other in one process. What is
 * printed comes from personas.json; what it means is written out here by hand, so that no parser judges itself.
 */
let virtualCard: VirtualCard;
let folder: string;
let parent: FakeParent;

beforeAll(async () => {
  virtualCard = await buildVirtualCard();
  folder = mkdtempSync(join(tmpdir(), 'loket-personas-'));
  makeReader(folder, { pace: 'instant', cards: virtualCard.cards });
  const testRoots = [readFileSync(virtualCard.root, 'utf8')];
  const start = { module: virtualCard.module, testRoots, pollMs: 20, allowVirtualCard: true, allowDialog: false };
  parent = startFakeParent(start, { reader: folder });
}, 120_000);

afterEach(async () => {
  if (readState(folder).card === null) return;
  removeCard(folder);
  await parent.untilState('empty');
  parent.messages = [];
});

afterAll(async () => {
  await parent.kill();
  rmSync(folder, { recursive: true, force: true });
});

type Complete = Extract<CardState, { state: 'complete' }>;

async function readCard(id: string): Promise<Complete> {
  insertCard(folder, id);
  await parent.untilState('complete');
  return parent.complete();
}

function eid(id: string): EidPersona {
  const found = allPersonas.find((each) => each.id === id);
  if (found === undefined || !isEid(found)) throw new Error(`no such eID: ${id}`);
  return found;
}

const onChip = (id: string, file: string) => readFileSync(join(virtualCard.cards, id, file)).toString('base64');

/** What the printed fields mean, for the fields in which there is something to understand. */
type Meaning = {
  /** Year, month, day; null where nobody knows. */
  born: [number, number | null, number | null];
  sex: Identity['sex'];
  valid: [from: string, until: string];
  parts: CardAddress['parts'];
  kind?: Identity['documentType']['kind'];
  special?: Partial<Identity['specialStatus']>;
  organisation?: Identity['specialOrganisation'];
  residence?: Residence;
};

const at = (street: string, houseNumber: string, box: string | null = null) => ({ street, houseNumber, box });
const noResidence: Residence = {
  memberOfFamily: false,
  protection: null,
  workPermit: '',
  employerVatNumbers: [],
  regionalFileNumber: '',
  brexitMentions: [],
  cardAMentions: [],
  cardEuSince: null,
};

const genuine: Record<string, Meaning> = {
  lotte: { born: [1993, 3, 14], sex: 'female', valid: ['2022-06-07', '2032-06-07'], parts: at('Zandkapelstraat', '18') },
  helene: { born: [1948, 6, 2], sex: 'female', valid: ['2023-09-19', '2053-09-19'], parts: at('Rue des Saules Pâles', '7', '2') },
  gisela: { born: [1969, 3, 5], sex: 'female', valid: ['2023-10-02', '2033-10-02'], parts: at('Weidenhagstraße', '14', '3') },
  milan: { born: [2004, 8, 30], sex: 'male', valid: ['2025-02-19', '2035-02-19'], parts: at('Kasteelbeekweg', '27A') },
  nora: {
    born: [1979, 7, 16],
    sex: 'female',
    valid: ['2025-05-21', '2035-05-21'],
    parts: at('Ververijstraat', '12', '3'),
    special: { yellowCane: true },
    organisation: { code: '2', kind: 'nato' },
  },
  noor: {
    born: [2016, 4, 11],
    sex: 'female',
    valid: ['2026-02-12', '2029-02-12'],
    parts: at('Zandkapelstraat', '52', '1'),
    kind: 'kids',
  },
  finn: { born: [2022, 11, 2], sex: 'male', valid: ['2026-06-05', '2029-06-05'], parts: at('Hazelaarsdreef', '8'), kind: 'kids' },
  ilinca: {
    born: [1990, 10, 24],
    sex: 'female',
    valid: ['2024-07-14', '2034-07-14'],
    parts: at('Appelboomlaan', '101', '12'),
    kind: 'foreigner',
    residence: { ...noResidence, cardEuSince: { date: '2019-07-14', original: '14.07.2019' } },
  },
  amaru: {
    born: [2003, 8, 21],
    sex: 'male',
    valid: ['2024-01-11', '2029-01-11'],
    parts: at('Leemkuilstraat', '31', '0004'),
    kind: 'foreigner',
    residence: { ...noResidence, workPermit: '7' },
  },
  tesfay: {
    born: [1971, null, null],
    sex: 'male',
    valid: ['2025-01-23', '2030-01-23'],
    parts: at('Leemkuilstraat', '2', '0011'),
    kind: 'foreigner',
    residence: {
      ...noResidence,
      memberOfFamily: true,
      protection: { since: { date: '2016-09-16', original: '16.09.2016' }, country: 'IT' },
    },
  },
  // Cut off by the card at 80 bytes, in the middle of what follows the box: no reading of it is certain.
  maximiliaan: {
    born: [1982, 12, 31],
    sex: 'male',
    valid: ['2024-09-30', '2034-09-30'],
    parts: null,
    special: { extendedMinority: true },
  },
  expired: { born: [1961, 11, 28], sex: 'female', valid: ['2015-05-14', '2025-05-14'], parts: at('Windgatstraat', '44') },
  robrecht: {
    born: [1938, 1, 17],
    sex: 'male',
    valid: ['2014-06-20', '2044-06-20'],
    parts: at('Pottelbergheide', '3'),
    special: { whiteCane: true },
  },
  rozemarijn: { born: [1939, 2, 26], sex: 'female', valid: ['2015-05-10', '2045-05-10'], parts: at('Knokkeboswegel', '77') },
  blocked: { born: [1988, 6, 19], sex: 'female', valid: ['2023-03-08', '2033-03-08'], parts: at('Slotenmakersstraat', '4') },
  revoked: { born: [1957, 5, 6], sex: 'male', valid: ['2022-01-17', '2032-01-17'], parts: at('Achterstraatje', '90') },
};

const today = new Date().toISOString().slice(0, 10);

function identityOf({ identity: printed }: EidPersona, meaning: Meaning): Omit<Identity, 'chipNumber'> {
  const [from, until] = meaning.valid;
  const [year, month, day] = meaning.born;
  const { surname, firstNames, thirdNameInitial, nationalNumber, birthPlace, nationality, nobility, cardNumber, duplicate } = printed;
  return {
    ...{ surname, firstNames, thirdNameInitial, nationalNumber, birthPlace, nationality, nobility, cardNumber, duplicate },
    issuingMunicipality: printed.issuingMunicipality,
    birthDate: { year, month, day, original: printed.birthDate },
    sex: meaning.sex,
    documentType: { code: printed.documentType, kind: meaning.kind ?? 'belgian' },
    validFrom: { date: from, original: printed.validFrom },
    validUntil: { date: until, original: printed.validUntil },
    specialStatus: {
      code: printed.specialStatus,
      ...{ whiteCane: false, yellowCane: false, extendedMinority: false },
      ...meaning.special,
    },
    specialOrganisation: meaning.organisation ?? { code: '', kind: 'none' },
    residence: meaning.residence ?? null,
  };
}

const allProven = { identity: 'proven', address: 'proven', photo: 'proven', issuer: 'proven' };

describe('a genuine card is read back exactly as it was made, and proven', () => {
  test('each of them is in this list', () => {
    const made = allPersonas.filter((each) => each.card === 'eid' && each.kind !== 'tampered' && each.kind !== 'other');
    expect(Object.keys(genuine).sort()).toEqual(made.map(({ id }) => id).sort());
  });

  test.each(Object.entries(genuine))('%s', async (id, meaning) => {
    const persona = eid(id);
    const { identity, address, photo, proof, evidence } = await readCard(id);
    const { chipNumber, ...rest } = identity;
    expect(rest).toEqual(identityOf(persona, meaning));
    expect(chipNumber).toBe(
      readFileSync(join(virtualCard.cards, id, 'card-data'))
        .subarray(0, 16)
        .toString('hex'),
    );
    expect(address).toEqual({ ...persona.address, parts: meaning.parts });
    expect(photo).toBe(onChip(id, 'photo'));
    expect(proof).toEqual({ ...allProven, basicKey: 'unchecked', validity: meaning.valid[1] < today ? 'expired' : 'valid' });
    expect(evidence).toEqual({
      identityFile: onChip(id, 'identity'),
      identitySignature: onChip(id, 'identity-sign'),
      addressFile: onChip(id, 'address'),
      addressSignature: onChip(id, 'address-sign'),
      nationalRegisterCertificate: onChip(id, 'rn-cert'),
    });
  });
});

const txId = '019a0000-0000-7000-8000-000000000000';
const notProven = { identity: 'not_proven', address: 'not_proven', photo: 'not_proven', issuer: 'not_proven' };

/** Exactly what does not hold, and what does hold all the same: the chip's own key is asked for separately. */
const tampered: Record<string, { proof: Partial<Proof>; chip: 'proven' | 'not_proven' }> = {
  wannes: { proof: { ...allProven, address: 'not_proven' } as Proof, chip: 'proven' },
  // The photo's hash stands in the identity file: where that is not proven, the hash proves nothing.
  'wannes-id': { proof: { ...allProven, identity: 'not_proven', photo: 'not_proven' } as Proof, chip: 'not_proven' },
  'wannes-photo': { proof: { ...allProven, photo: 'not_proven' } as Proof, chip: 'proven' },
  // The address's signature is over the identity's signature too.
  'wannes-signature': {
    proof: { ...allProven, identity: 'not_proven', address: 'not_proven', photo: 'not_proven' } as Proof,
    chip: 'not_proven',
  },
  'wannes-chain': { proof: notProven as Proof, chip: 'not_proven' },
  stranger: { proof: notProven as Proof, chip: 'not_proven' },
  'wannes-chip': { proof: allProven as Proof, chip: 'not_proven' },
  'wannes-clone': { proof: allProven as Proof, chip: 'not_proven' },
};

describe('a tampered card is seen for what was done to it', () => {
  test('each of them is in this list', () => {
    const made = allPersonas.filter(({ kind }) => kind === 'tampered');
    expect(Object.keys(tampered).sort()).toEqual(made.map(({ id }) => id).sort());
  });

  test.each(Object.entries(tampered))('%s', async (id, { proof, chip }) => {
    const read = await readCard(id);
    expect(read.proof).toMatchObject(proof);
    const answer = await parent.ask({ ask: 'prove_chip', insertion: read.insertion, txId });
    expect(answer).toMatchObject({ answer: 'chip', outcome: chip });
  });
});

describe('the chip of a genuine card', () => {
  test.each(['lotte', 'noor', 'tesfay'])('is proven on applet 1.8: %s', async (id) => {
    const { insertion } = await readCard(id);
    expect(await parent.ask({ ask: 'prove_chip', insertion, txId })).toMatchObject({ answer: 'chip', outcome: 'proven' });
  });

  test.each(['expired', 'robrecht', 'rozemarijn'])('cannot be asked on applet 1.7, which has no key for it: %s', async (id) => {
    const { insertion } = await readCard(id);
    expect(await parent.ask({ ask: 'prove_chip', insertion, txId })).toEqual({ answer: 'chip', outcome: 'unchecked', evidence: null });
  });
});

/** Which certificates there are: the keys are listed on every card (CL:pkcs15.cpp:30-37), so only these tell. */
describe('the certificates of a card', () => {
  const certificates: [string, 'authentication' | 'signature', 'ES384' | 'RS256' | null][] = [
    ['lotte', 'authentication', 'ES384'],
    ['lotte', 'signature', 'ES384'],
    ['noor', 'authentication', 'ES384'],
    ['noor', 'signature', null],
    ['finn', 'authentication', null],
    ['finn', 'signature', null],
    ['robrecht', 'authentication', 'RS256'],
    ['rozemarijn', 'signature', 'RS256'],
  ];

  test.each(certificates)('%s, %s: %s', async (id, use, algorithm) => {
    const { insertion } = await readCard(id);
    const answer = await parent.ask({ ask: 'prepare', insertion, use });
    expect(answer).toMatchObject(
      algorithm === null ? { answer: 'problem', problem: 'no_certificate' } : { answer: 'prepared', algorithm, chain: 'proven' },
    );
  });
});

describe('what is no readable eID is named, and nobody is', () => {
  const named: [string, CardState['state']][] = [
    ['bank', 'not_an_eid'],
    ['library', 'not_an_eid'],
    ['garbled', 'upside_down_or_dirty'],
    ['worn', 'upside_down_or_dirty'],
  ];

  test.each(named)('%s: %s', async (id, state) => {
    insertCard(folder, id);
    await parent.untilState(state);
    expect(parent.states().some((each) => 'identity' in each)).toBe(false);
  });

  test('each of them is in this list, but the one that the library takes for no card at all', () => {
    const made = allPersonas.filter(({ kind }) => kind === 'other').map(({ id }) => id);
    expect([...named.map(([id]) => id), 'upside-down'].sort()).toEqual(made.sort());
  });
});
