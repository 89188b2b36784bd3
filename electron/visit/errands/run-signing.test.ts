import { beforeEach, describe, expect, it } from 'vitest';
import type { CardAnswer } from '../../../contract/card.ts';
import type { Revocation } from '../../../contract/evidence.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { type FakeCitizen, makeFakeCitizen } from '../../testing/fake-citizen.ts';
import { ada, completeState } from '../../testing/people.ts';
import { testTerminal as config } from '../../testing/terminal.ts';
import { type KioskState, newVisit, type SignStep, type Visit, type VisitEvent } from '../state.ts';
import { takeProvenCard } from '../steps/card-facts.ts';
import { waitingState } from '../steps/step-visit.ts';
import { createSigning, type Signing } from './run-signing.ts';

const citizen: FakeCitizen = await makeFakeCitizen();
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const prepared: CardAnswer = {
  answer: 'prepared',
  certificate: base64(citizen.certificate),
  issuer: base64(citizen.issuer),
  algorithm: 'ES384',
  chain: 'proven',
  ways: ['pinpad'],
  triesLeft: 3,
};
const good: Revocation = { status: 'good', source: 'ocsp', asOf: '2026-11-22T10:00:00.000Z' };
const unchecked: Revocation = { status: 'unchecked', source: null, asOf: null };

let certificate: CardAnswer;
let ofPerson: Result<Revocation, 'no_line'>;
let ofAuthority: Result<Revocation, 'no_line'>;
let asked: string[];
let signs: (digest: string) => CardAnswer;
let heard: VisitEvent[];
let place: Visit['place'];
let signing: Signing;
/** Runs while the card prepares, or the middleware is asked. */
let meanwhile: { card: () => void; line: () => void };

const visit: Visit = {
  ...newVisit({ at: 0, freshId: 'visit-1' }, 'card', { at: 'catalogue' }),
  card: takeProvenCard(completeState(ada, 1)),
  draft: {
    txId: 't',
    reference: 'KTR-0000-0000',
    openedAt: '',
    product: 'honour-statement',
    form: 'honour-statement',
    answers: {},
    attachments: [],
    photo: null,
    problems: {},
    signed: null,
  },
};
const knowing = (signer: Revocation | 'no_line' | null): Visit => ({ ...visit, findings: { ...visit.findings, signer } });
const signingAt = (attempt: string): Visit['place'] => ({ at: 'sign', attempt, goal: 'sign', step: { stage: 'preparing' } });

beforeEach(() => {
  certificate = prepared;
  ofPerson = ok(good);
  ofAuthority = ok(good);
  asked = [];
  heard = [];
  place = signingAt('a-1');
  meanwhile = { card: () => undefined, line: () => undefined };
  signs = (digest) => ({ answer: 'signature', signature: base64(citizen.sign(Buffer.from(digest, 'base64'))) });
  const failed = { answer: 'problem', problem: 'failed', triesLeft: null } as const;
  const state = (): KioskState => ({
    ...waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' }),
    situation: { phase: 'open', visit: { ...visit, place } },
  });
  signing = createSigning({
    card: {
      prepare: async (_insertion, use) => {
        asked.push(`prepare ${use}`);
        meanwhile.card();
        return certificate;
      },
      sign: async (_insertion, { digest, way }) => {
        asked.push(`sign ${way}`);
        return signs(digest);
      },
      signIn: async () => failed,
      proveChip: async () => failed,
    },
    counter: {
      askChallenge: async () => refuse('no_line'),
      signIn: async () => refuse('no_line'),
      askRevocation: async (_certificate, issuer) => {
        asked.push(issuer === null ? 'revocation of the authority' : 'revocation');
        meanwhile.line();
        return issuer === null ? ofAuthority : ofPerson;
      },
    },
    clock: { wall: () => new Date('2026-11-22T10:00:00Z'), ticks: () => 0 },
    config,
    forms: loadForms(bundledForms, () => undefined),
    log: () => undefined,
    state,
    dispatch: (event) => heard.push(event),
  });
});

const stepOf = (event: VisitEvent | undefined): SignStep | null => (event?.type === 'sign_step' ? event.step : null);
async function prepare(known: Visit = visit, attempt = 'a-1'): Promise<SignStep | null> {
  await signing.prepare({ errand: 'prepare_document', visit: known, insertion: 1, attempt });
  return stepOf(heard.at(-1));
}
const sign = (attempt = 'a-1') => signing.sign({ errand: 'sign', insertion: 1, attempt });
const findSigner = () => signing.findSigner({ errand: 'find_signer', insertion: 1, attempt: 'a-1' });

const unfit: [string, () => void, string][] = [
  ['no certificate', () => (certificate = { answer: 'problem', problem: 'no_certificate', triesLeft: null }), 'no_certificate'],
  ['a certificate that has expired', () => (certificate = { ...prepared, chain: 'expired' } as CardAnswer), 'certificate_expired'],
  ['a certificate of nobody', () => (certificate = { ...prepared, chain: 'not_proven' } as CardAnswer), 'certificate_not_proven'],
  ['a PIN known to be blocked', () => (certificate = { ...prepared, triesLeft: 0 } as CardAnswer), 'pin_blocked'],
  ['no way but the PIN view', () => (certificate = { ...prepared, ways: ['pin_view'] } as CardAnswer), 'no_way'],
  ['a certificate that was revoked', () => (ofPerson = ok({ ...good, status: 'revoked' })), 'revoked'],
  ['an authority that was revoked', () => (ofAuthority = ok({ ...good, status: 'revoked' })), 'revoked'],
  [
    'a certificate that was revoked, of an authority that nobody could be asked about',
    () => {
      ofPerson = ok({ ...good, status: 'revoked' });
      ofAuthority = refuse('no_line');
    },
    'revoked',
  ],
];

describe('before the first question', () => {
  it('says that the card can sign, and what is known of its certificate', async () => {
    await findSigner();
    expect(heard).toEqual([{ type: 'can_sign', attempt: 'a-1', revocation: good }]);
    expect(asked).toEqual(['prepare signature', 'revocation', 'revocation of the authority']);
  });

  it.each(unfit)('ends with %s', async (_name, change, problem) => {
    change();
    await findSigner();
    expect(heard).toMatchObject([{ type: 'sign_step', attempt: 'a-1', step: { stage: 'problem', problem } }]);
  });

  it('tells no authority of somebody who has left', async () => {
    meanwhile.card = () => (place = { at: 'catalogue' });
    await findSigner();
    expect([asked, heard]).toEqual([['prepare signature'], []]);
  });
});

describe('the document', () => {
  it.each(unfit)('is not made with %s', async (_name, change, problem) => {
    change();
    expect(await prepare()).toMatchObject({ stage: 'problem', problem });
    await sign();
    expect(asked).not.toContain('sign pinpad');
  });

  it('is shown, then signed by the card, with what is known of the certificate', async () => {
    const shown = await prepare();
    expect(shown).toMatchObject({ stage: 'read', way: 'pinpad', document: { kind: 'text' }, revocation: good });
    await sign();
    const signed = heard.at(-1);
    if (signed?.type !== 'signed' || signed.signed.document.format !== 'jades') throw new Error('nothing was signed');
    const { payload } = signed.signed.document;
    expect(shown?.stage === 'read' && shown.document).toEqual({ kind: 'text', text: Buffer.from(payload, 'base64').toString() });
    expect([signed.attempt, signed.signed.revocation]).toEqual(['a-1', good]);
  });

  it.each<[string, Result<Revocation, 'no_line'>, Result<Revocation, 'no_line'>, Revocation | 'no_line']>([
    ['without a line', refuse('no_line'), refuse('no_line'), 'no_line'],
    ['with half an answer', ok(good), refuse('no_line'), 'no_line'],
    ['where nobody could ask the authority', ok(good), ok(unchecked), unchecked],
    ['where the authority does not know it', ok({ ...good, status: 'unknown' }), ok(good), { ...good, status: 'unknown' }],
  ])('says what is not known of the certificate %s', async (_name, person, authority, known) => {
    ofPerson = person;
    ofAuthority = authority;
    expect(await prepare()).toMatchObject({ stage: 'read', revocation: known });
  });

  it('asks again what was not good when the product was opened, and only that', async () => {
    expect(await prepare(knowing(good))).toMatchObject({ stage: 'read', revocation: good });
    expect(asked).toEqual(['prepare signature']);
    for (const known of ['no_line', unchecked] as const) expect(await prepare(knowing(known))).toMatchObject({ revocation: good });
    expect(asked.filter((what) => what === 'revocation')).toHaveLength(2);
  });

  it('of another attempt is not signed', async () => {
    await prepare();
    await sign('a-2');
    expect([stepOf(heard.at(-1)), asked.includes('sign pinpad')]).toMatchObject([{ stage: 'problem', problem: 'failed' }, false]);
  });

  it('is signed once', async () => {
    await prepare();
    await sign();
    await sign();
    expect(asked.filter((what) => what === 'sign pinpad')).toHaveLength(1);
  });

  it('with a signature of something else is not signed', async () => {
    await prepare();
    signs = () => ({ answer: 'signature', signature: base64(citizen.sign(new Uint8Array(48))) });
    await sign();
    expect(stepOf(heard.at(-1))).toMatchObject({ problem: 'not_verified' });
  });

  it('is gone once it is forgotten, and only then', async () => {
    await prepare();
    signing.forget('a-0');
    signing.forget('a-1');
    await sign();
    expect([stepOf(heard.at(-1)), asked.includes('sign pinpad')]).toMatchObject([{ problem: 'failed' }, false]);
    await prepare();
    signing.forget('a-0');
    await sign();
    expect(asked).toContain('sign pinpad');
  });

  it.each(['card', 'line'] as const)('stays nowhere when the person left while the %s was asked', async (when) => {
    meanwhile[when] = () => (place = { at: 'check', problem: null });
    await prepare();
    expect(heard).toEqual([]);
    place = signingAt('a-1');
    await sign();
    expect(asked).not.toContain('sign pinpad');
    expect(asked.includes('revocation')).toBe(when === 'line');
  });
});
