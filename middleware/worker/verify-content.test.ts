import { beforeAll, expect, test } from 'vitest';
import type { Evidence, SignedDocument } from '../../contract/evidence.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { makeNationalNumber, makeSampleChip } from '../../native/eid/fixtures/sample-card.ts';
import type { Root } from '../../native/eid/roots.ts';
import { createFakeTerminal, makeTxId } from '../testing/fake-terminal.ts';
import { makeSampleEvidence } from '../testing/sample-evidence.ts';
import { timeOf, type Verified, verifyContent } from './verify-content.ts';

const at = new Date('2026-06-15T10:00:00Z');
const txId = makeTxId();
const terminal = createFakeTerminal('kiosk-1', { id: 'unused', publicJwk: {} });

let evidence: Evidence;
let roots: Root[];
let strangers: Pick<Evidence, 'signIn' | 'signed'>;
let person: NonNullable<TransactionContent['person']>;

beforeAll(async () => {
  const [theirs, other] = [
    await makeSampleEvidence({ txId, at }),
    await makeSampleEvidence({ txId, at, nationalNumber: makeNationalNumber('910102', '997', 1900) }),
  ];
  evidence = theirs.evidence;
  strangers = other.evidence;
  roots = [...theirs.roots, ...other.roots];
  const { surname, firstNames, birthDate, birthPlace, nationality, nationalNumber } = theirs.identity;
  person = { surname, firstNames, birthDate, birthPlace, nationality, nationalNumber };
});

function verify(
  changes: Partial<TransactionContent>,
  of: Partial<Evidence> = {},
  signInAccepted = true,
): Pick<Verified, 'trust' | 'doubts'> {
  const content = terminal.makeContent({ txId, evidence: { ...evidence, ...of }, person, ...changes });
  const { trust, doubts } = verifyContent(content, { roots, at, signInAccepted });
  return { trust, doubts };
}

test('what claims nothing needs nothing', () => {
  expect(verify({ trust: 'anonymous', person: null, evidence: null })).toEqual({ trust: 'anonymous', doubts: [] });
});

test('each rung is proven by its own evidence', () => {
  const bare = { chip: null, signIn: null, signed: null };
  expect(verify({ trust: 'card_read' }, bare)).toEqual({ trust: 'card_read', doubts: [] });
  expect(verify({ trust: 'authenticated' }, { ...bare, signIn: evidence.signIn })).toEqual({ trust: 'authenticated', doubts: [] });
  expect(verify({ trust: 'signed' }, { ...bare, signed: evidence.signed })).toEqual({ trust: 'signed', doubts: [] });
  expect(verify({ trust: 'signed' })).toEqual({ trust: 'signed', doubts: [] });
});

test('who proves more than is claimed is not doubted', () => {
  expect(verify({ trust: 'card_read' })).toEqual({ trust: 'signed', doubts: [] });
});

test('a claim without evidence, or with too little, is doubted and becomes what it proves', () => {
  const bare = { chip: null, signIn: null, signed: null };
  expect(verify({ trust: 'card_read', person: null, evidence: null })).toEqual({ trust: 'anonymous', doubts: ['trust_not_proven'] });
  expect(verify({ trust: 'authenticated' }, bare)).toEqual({ trust: 'card_read', doubts: ['trust_not_proven'] });
  expect(verify({ trust: 'signed' }, { ...bare, signIn: evidence.signIn })).toEqual({
    trust: 'authenticated',
    doubts: ['trust_not_proven'],
  });
  expect(verify({ trust: 'desk_verified' }, bare)).toEqual({ trust: 'card_read', doubts: ['trust_not_proven'] });
});

test('a sign-in that was not accepted here proves nothing, however good its signature', () => {
  expect(verify({ trust: 'authenticated' }, { signed: null }, false)).toEqual({ trust: 'card_read', doubts: ['trust_not_proven'] });
});

test('somebody else’s sign-in or signature proves nothing about this card', () => {
  const bare = { chip: null, signIn: null, signed: null };
  expect(verify({ trust: 'authenticated' }, { ...bare, signIn: strangers.signIn }).trust).toBe('card_read');
  expect(verify({ trust: 'signed' }, { ...bare, signed: strangers.signed }).trust).toBe('card_read');
});

test('a document that was changed after it was signed proves nothing', () => {
  const { signed } = evidence;
  if (signed?.format !== 'jades') throw new Error('not the sample');
  const changed: SignedDocument = { ...signed, payload: Buffer.from('Ik verklaar iets anders.').toString('base64') };
  expect(verify({ trust: 'signed' }, { signIn: null, signed: changed })).toEqual({ trust: 'card_read', doubts: ['trust_not_proven'] });
});

test('a card that no pinned root stands behind proves nothing, and neither does what hangs on it', () => {
  const content = terminal.makeContent({ txId, evidence, person, trust: 'signed' });
  expect(verifyContent(content, { roots: [], at, signInAccepted: true })).toMatchObject({
    trust: 'anonymous',
    doubts: ['trust_not_proven', 'person_not_proven', 'chip_not_proven'],
    checks: { identity: 'not_proven', chip: 'not_proven', signIn: 'not_proven', document: 'not_proven' },
  });
});

test('a person who is not the one of the card is doubted, in every fact', () => {
  const others: Partial<typeof person>[] = [
    { surname: 'Andersens-Proef' },
    { firstNames: 'Ondine' },
    { birthDate: { year: 1985, month: 4, day: 29, original: '29 APR  1985' } },
    { birthPlace: 'Brugge' },
    { nationality: 'Frans' },
    { nationalNumber: '85043099713' },
    { address: { streetAndNumber: 'Proefstraat 13', postalCode: '8500', municipality: 'Kortrijk', parts: null } },
  ];
  for (const other of others) expect([other, verify({ person: { ...person, ...other } }).doubts]).toEqual([other, ['person_not_proven']]);
  expect(verify({ person: { surname: person.surname } }).doubts).toEqual([]);
  expect(verify({ evidence: null }).doubts).toEqual(['person_not_proven']);
});

test('a copied card is doubted where the chip was asked', () => {
  const clone = makeSampleChip().answer(txId);
  expect(verify({ trust: 'card_read' }, { chip: clone }).doubts).toEqual(['chip_not_proven']);
});

test('an answer of the chip for another request proves nothing about this one', () => {
  expect(verify({ trust: 'card_read', txId: makeTxId() }).doubts).toEqual(['chip_not_proven']);
});

test('a signature whose certificate was revoked is doubted', () => {
  const revoked = { status: 'revoked', source: 'crl', asOf: at.toISOString() } as const;
  expect(verify({ trust: 'signed' }, { signatureRevocation: revoked }).doubts).toEqual(['signature_revoked']);
});

test('a register whose certificate was revoked is doubted', () => {
  const revoked = { status: 'revoked', source: 'ocsp', asOf: at.toISOString() } as const;
  expect(verify({ trust: 'card_read' }, { registerRevocation: revoked }).doubts).toEqual(['register_revoked']);
});

test('the terminal’s clock is believed as far as a queue can be old', () => {
  const received = new Date('2026-06-15T10:00:00Z');
  expect(timeOf('2026-04-01T10:00:00Z', received)).toEqual(new Date('2026-04-01T10:00:00Z'));
  for (const absurd of ['2016-06-15T10:00:00Z', '2036-06-15T10:00:00Z', 'no time']) expect(timeOf(absurd, received)).toEqual(received);
});

test('the same document has the same hash, another signature another', () => {
  const hashOf = (signed: SignedDocument | null) =>
    verifyContent(terminal.makeContent({ txId, evidence: { ...evidence, signed } }), { roots, at, signInAccepted: true }).documentSha256;
  expect(hashOf(evidence.signed)).toEqual(hashOf(evidence.signed));
  expect(hashOf(evidence.signed)).not.toEqual(hashOf(strangers.signed));
  expect(hashOf(null)).toBe(null);
});
