import { describe, expect, it } from 'vitest';
import type { Answers } from '../../contract/answers.ts';
import { FormDefinition, type FormPage } from '../../contract/form.ts';
import { Language } from '../../contract/language.ts';
import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../catalogue/shipped.ts';
import { ada, completeState } from '../testing/people.ts';
import { noFindings, type Visit } from '../visit/state.ts';
import { takeProvenCard } from '../visit/steps/card-facts.ts';
import { bundledForms } from './bundled-forms.ts';
import { loadForms } from './load-forms.ts';
import { makeTransaction } from './make-transaction.ts';

const silent = () => undefined;
const forms = loadForms(bundledForms, silent);
const certificate = bundledForms[0] as Record<string, unknown>;
const proxy = FormDefinition.parse(bundledForms.find((form) => (form as { id: string }).id === 'collection-proxy'));
const [firstPage, lastPage] = [proxy.pages[0], proxy.pages.at(-1)] as [FormPage, FormPage];

describe('the shipped bundle', () => {
  it('has no error, and every product has its form', () => {
    expect(forms.size).toBe(bundledForms.length);
    const { products } = loadCatalogue(shippedCatalogue, '34022', silent);
    expect(products.filter(({ form }) => form !== undefined && !forms.has(form))).toEqual([]);
  });

  it.each(['34002', '34003', '34009', '34013', '34022', '34023', '34025', '34027', '34040', '34041', '34042', '34043', '33029'])(
    'asks what the catalogue of %s says that it costs',
    (town) => {
      for (const { id, form, costs } of loadCatalogue(shippedCatalogue, town, silent).products) {
        const price = form === undefined ? undefined : forms.get(form)?.price;
        if (!price) continue;
        const cents = price.kind === 'free' ? [] : price.kind === 'fixed' ? [price.cents] : Object.values(price.cents);
        const asked = cents.filter((each) => each > 0).map((each) => each / 100);
        for (const language of Language.options) {
          const said = [...(costs?.[language] ?? '').matchAll(/(\d+(?:[.,]\d+)?) euro/giu)].map(([, amount = '']) =>
            Number(amount.replace(',', '.')),
          );
          expect([id, language, said.sort()]).toEqual([id, language, asked.sort()]);
        }
      }
    },
  );

  it('says everything in four languages', () => {
    expect([...forms.values()].filter(({ languages }) => languages.size < 4).map(({ id }) => id)).toEqual([]);
  });
});

describe('a definition with an error is left out, and the others stay', () => {
  const broken: [string, unknown][] = [
    ['that is no definition', { id: 'x' }],
    [
      'with a rule that is no JSON Schema',
      { ...certificate, schema: { type: 'object', properties: { purpose: { type: 'sausage' }, delivery: {} } } },
    ],
    ['with a field that has no rule', { ...certificate, schema: { type: 'object', properties: { purpose: { type: 'string' } } } }],
    [
      'with a pattern that is no pattern',
      { ...certificate, schema: { type: 'object', properties: { purpose: { type: 'string', pattern: '(' }, delivery: {} } } },
    ],
    ['that wants a signature under nothing', { ...certificate, trust: 'signed' }],
    ['that has something signed by nobody', { ...certificate, signs: 'pades' }],
    [
      'that photographs a paper beside another question',
      { ...proxy, pages: [{ ...lastPage, fields: [...lastPage.fields, ...firstPage.fields] }, ...proxy.pages.slice(1, -1)] },
    ],
    ['that is nothing', null],
  ];
  for (const [name, definition] of broken) {
    it(name, () => {
      const logged: unknown[] = [];
      const loaded = loadForms([definition, ...bundledForms.slice(1)], (event, detail) => logged.push([event, detail]));
      expect([...loaded.keys()]).toEqual(bundledForms.slice(1).map((form) => FormDefinition.parse(form).id));
      expect(logged).toEqual([['form_refused', { index: 0 }]]);
    });
  }
});

const moving: Answers = {
  newAddress: { street: 'Vlasblomstraat', number: '24', postalCode: '8500', municipality: 'Kortrijk' },
  from: '2026-12-01',
  together: false,
  occupied: false,
  phone: '+32470123456',
};

it('of two definitions with one id the first counts', () => {
  const logged: unknown[] = [];
  const later = { ...(bundledForms[0] as object), version: 99 };
  const loaded = loadForms([...bundledForms, later], (event, detail) => logged.push([event, detail]));
  expect(loaded.get('main-residence-certificate')?.version).not.toBe(99);
  expect(logged).toEqual([['form_refused', { index: bundledForms.length }]]);
});

describe('makeTransaction', () => {
  const card = takeProvenCard(completeState(ada, 1));
  const visit = (form: string, answers: Answers, withCard = true): Visit => ({
    id: 'visit-1',
    begunBy: 'card',
    recentlyKept: [],
    place: { at: 'keeping' },
    wanted: null,
    grant: null,
    roles: null,
    acting: null,
    suggestions: { off: false, away: [], noted: null },
    file: null,
    taking: null,
    profile: null,
    card: withCard ? card : null,
    draft: {
      txId: '01936f5e-0000-7000-8000-000000000001',
      reference: 'KTR-0000-0001',
      openedAt: '2026-11-20T10:00:00.000Z',
      product: form,
      form,
      answers,
      attachments: [],
      photo: null,
      problems: {},
      signed: null,
    },
    findings: noFindings,
    kept: [],
    earlier: null,
    refusal: null,
    cover: null,
    activeAt: 0,
  });
  const make = (made: Visit) => {
    const form = forms.get(made.draft?.form ?? '');
    if (!form) throw new Error('no such form');
    return makeTransaction({ visit: made, form, municipalityCode: '34022', language: 'nl', submittedAt: new Date('2026-11-20T10:01:00Z') });
  };
  const answers = { purpose: 'work', delivery: 'desk' };

  it('takes of the card what the manifest lists, and its evidence', () => {
    const made = make(visit('main-residence-certificate', answers));
    expect(made).toMatchObject({
      ok: true,
      value: { trust: 'card_read', provisional: true, person: { nationalNumber: ada.nationalNumber } },
    });
    const moved = make(visit('change-of-address', moving));
    expect(moved.ok && Object.keys(moved.value.person ?? {})).not.toContain('nationality');
  });

  it('takes nothing of a card for a form that needs none', () => {
    const made = make(visit('street-defect', { category: 'light', place: { description: 'Zandkapelstraat' } }));
    expect(made).toMatchObject({ ok: true, value: { trust: 'anonymous', person: null, evidence: null, proof: null } });
    expect(JSON.stringify(made)).not.toContain(ada.nationalNumber);
  });

  it('takes the chip’s answer to this transaction, and none that it gave to another', () => {
    const made = visit('change-of-address', moving);
    const evidence = { basicKey: 'AAAA', salt: Buffer.alloc(32).toString('base64'), signature: 'AAAA' };
    const answered = (txId: string) => make({ ...made, findings: { ...noFindings, chip: { txId, outcome: 'proven', evidence } } });
    expect(answered(made.draft?.txId ?? '')).toMatchObject({ ok: true, value: { evidence: { chip: evidence } } });
    expect(answered('01936f5e-0000-7000-8000-000000000002')).toMatchObject({ ok: true, value: { evidence: { chip: null } } });
  });

  it('takes what was signed, and what is known of the certificate; provisional still, where nobody signed in', () => {
    const made = visit('honour-statement', { statement: 'Ik woon alleen.' });
    const good = { status: 'good', source: 'ocsp', asOf: '2026-11-20T10:00:00.000Z' } as const;
    const document = { format: 'jades', jws: 'a..b', payload: 'AAAA' } as const;
    const sign = (revocation: typeof good | 'no_line') =>
      make({ ...made, draft: made.draft && { ...made.draft, signed: { document, revocation } } });
    expect(sign(good)).toMatchObject({
      value: { trust: 'signed', provisional: true, evidence: { signed: document, signatureRevocation: good } },
    });
    expect(sign('no_line')).toMatchObject({ value: { evidence: { signatureRevocation: { status: 'unchecked', asOf: null } } } });
    expect(make(visit('main-residence-certificate', answers))).toMatchObject({
      value: { evidence: { signed: null, signatureRevocation: null, registerRevocation: { status: 'unchecked' } } },
    });
  });

  describe('of photographed papers', () => {
    const idOf = (number: number) => `0199a6f2-0000-7000-8000-00000000000${number}`;
    const attachmentOf = (number: number) => ({
      id: idOf(number),
      name: 'papers.jpg',
      mediaType: 'image/jpeg' as const,
      bytes: 3,
      sha256: 'A'.repeat(43),
      key: 'A'.repeat(43),
    });
    const signed = { document: { format: 'pades' as const, pdf: 'AAAA' }, revocation: 'no_line' as const };
    const papersOf = (ids: string[] | string, ...numbers: number[]) => {
      const made = visit('collection-proxy', { who: 'Bram Proef', what: 'passport', ...(ids.length > 0 && { papers: ids }) });
      return make({ ...made, draft: made.draft && { ...made.draft, attachments: numbers.map(attachmentOf), signed } });
    };

    it('takes each, numbered in the order in which they are answered', () => {
      const made = papersOf([idOf(3), idOf(1)], 1, 3);
      expect(made.ok && made.value.attachments.map(({ id, name }) => [id, name])).toEqual([
        [idOf(3), 'papers-1.jpg'],
        [idOf(1), 'papers-2.jpg'],
      ]);
    });

    it('takes none that no answer names, and goes without any', () => {
      expect(papersOf([idOf(1)], 1, 2)).toMatchObject({ ok: true, value: { attachments: [{ id: idOf(1) }] } });
      expect(papersOf('')).toMatchObject({ ok: true, value: { attachments: [] } });
    });

    it('refuses an answer that is no list of photos', () => {
      expect(papersOf('a paper')).toEqual({ ok: false, error: 'answers_invalid' });
    });
  });

  it.each([
    ['answers that miss one', visit('main-residence-certificate', { purpose: 'work' }), 'answers_invalid'],
    ['answers outside the choices', visit('main-residence-certificate', { ...answers, purpose: 'mischief' }), 'answers_invalid'],
    ['answers the form does not ask for', visit('main-residence-certificate', { ...answers, extra: 'x' }), 'answers_invalid'],
    ['a day that is in no calendar', visit('change-of-address', { ...moving, from: '2026-02-30' }), 'answers_invalid'],
    ['no card where one is needed', visit('main-residence-certificate', answers, false), 'trust_too_low'],
    ['no draft', { ...visit('street-defect', {}), draft: null }, 'no_draft'],
  ])('refuses %s', (_name, made, refusal) => {
    const form = forms.get(made.draft?.form ?? 'street-defect');
    if (!form) throw new Error('no such form');
    const result = makeTransaction({ visit: made, form, municipalityCode: '34022', language: 'nl', submittedAt: new Date() });
    expect(result).toEqual({ ok: false, error: refusal });
  });
});
