import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FormDefinition } from '../../contract/form.ts';
import concepts from '../../electron/catalogue/data/concepts.json' with { type: 'json' };
import { bundledForms } from '../../electron/forms/bundled-forms.ts';
import { type Filled, fillForm } from '../harness/fill-form.ts';
import { words } from '../harness/person.ts';
import { findPinPage, typePin } from '../harness/pin-pad.ts';
import { closeWorld, makeFolder, openStage, type Stage, signIn } from './stage.ts';

afterAll(closeWorld);

/** `search`: what somebody types to find it; `cents` where it has a price. */
type Product = { id: string; form: string; search: string; filled: Filled; price?: string };

const forms = new Map(bundledForms.map((raw) => FormDefinition.parse(raw)).map((form) => [form.id, form]));
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const vlas = { street: 'Vlasblomstraat', number: '24', postalCode: '8500', municipality: 'Kortrijk' };
const phone = '0470 12 34 56';
const email = 'mila.toets@voorbeeld.be';

const certificates: Product[] = [
  {
    id: 'main-residence-certificate',
    form: 'main-residence-certificate',
    search: 'hoofdverblijf',
    filled: { purpose: 'housing', history: 'five-years', delivery: 'post' },
  },
  {
    id: 'household-composition',
    form: 'household-composition',
    search: 'gezinssamenstelling',
    filled: { purpose: 'school', delivery: 'desk' },
  },
  {
    id: 'civil-status-certificates',
    form: 'civil-certificate',
    search: 'nationaliteit leven',
    filled: { which: 'life', purpose: 'other', recipient: 'Pensioenkas De Weef', delivery: 'post' },
  },
];

const atHome: Product[] = [
  {
    id: 'change-of-address',
    form: 'change-of-address',
    search: 'adreswijziging',
    filled: {
      newAddress: vlas,
      from: inDays(0),
      together: true,
      members: [{ name: 'Nora Proef', birthDate: '2019-05-04' }],
      occupied: false,
      phone,
    },
  },
  {
    id: 'resident-parking-permit',
    form: 'resident-parking-permit',
    search: 'bewonersvergunning',
    filled: { plate: '1abc123', owner: 'work', papers: 'to-desk', which: 'second', zone: 'centre', from: inDays(40) },
    price: '€ 100',
  },
  {
    id: 'waste-container',
    form: 'waste-container',
    search: 'afvalcontainer',
    filled: { what: 'extra', kind: 'paper', size: 'large', lock: true, isReference: true },
    price: '€ 45',
  },
  {
    id: 'library-membership',
    form: 'library-membership',
    search: 'bibliotheek lid',
    filled: { who: 'child', childName: 'Nora Proef', childBirth: '2019-05-04', guardian: 'parent', email },
  },
];

const together: Product[] = [
  {
    id: 'event-report',
    form: 'event-report',
    search: 'evenement melden',
    filled: {
      organiser: 'association',
      organisationName: 'Vlasfeest',
      enterpriseNumber: '0207.494.678',
      eventName: 'Vlasfeest',
      eventText: 'Muziek en eten op het plein.',
      place: 'Grote Weefplaats',
      firstDay: inDays(200),
      lastDay: inDays(201),
      crowd: 1500,
      with: ['music', 'road'],
      road: 'Weefplaats, van 8 tot 22 uur',
      safetyName: 'Mila Toets',
      safetyPhone: '056 27 70 00',
    },
  },
  {
    id: 'street-party-subsidy',
    form: 'street-party-subsidy',
    search: 'straatfeest',
    filled: {
      place: 'Vlasblomstraat',
      day: inDays(200),
      guests: 40,
      secondName: 'Bram Proef',
      secondAddress: { ...vlas, number: '31' },
      iban: 'BE68 5390 0754 7034',
      holder: 'Buurt Vlasblom',
      phone,
    },
  },
  {
    id: 'hall-and-material',
    form: 'hall-loan',
    search: 'zaal huren',
    filled: { what: 'hall', hall: 'large', firstDay: inDays(90), lastDay: inDays(91), forAssociation: false, phone },
    price: '€ 75',
  },
];

const withPin: Product[] = [
  {
    id: 'subsidy',
    form: 'other-subsidy',
    search: 'subsidie vereniging',
    filled: {
      organisationName: 'Weefkring',
      enterpriseNumber: '0207.494.678',
      role: 'treasurer',
      kind: 'project',
      plan: 'We maken een tuin met vlas in de wijk.',
      amount: '1.250,50',
      iban: 'BE68 5390 0754 7034',
      email,
      papers: 'to-desk',
    },
  },
  { id: 'data-consultations', form: 'data-consultations', search: 'wie keek', filled: { period: 'half-year' } },
];

const withoutCard: Product[] = [
  {
    id: 'appointment',
    form: 'appointment',
    search: 'afspraak',
    filled: {
      service: 'other',
      about: 'Een boom op de grens',
      day: inDays(10),
      time: ['morning', 'evening'],
      name: 'Mila Toets',
      way: 'email',
      email,
    },
  },
  {
    id: 'street-defect',
    form: 'street-defect',
    search: 'probleem straat',
    filled: { category: 'light', place: 'Vlasmarkt 3' },
  },
];

type At = Pick<Stage, 'app' | 'person'>;

/** Found in the words people use, and begun from its page. */
async function begin({ person }: At, { id, search }: Product): Promise<void> {
  await person.see('catalogue.title');
  await person.press('catalogue.search');
  await person.see('catalogue.search.title');
  await person.find(search, concepts.find((concept) => concept.id === id)?.name.nl ?? id);
  await person.press('product.begin');
}

/** From the first question to the ticket. Answers the reference. */
async function order(at: At, product: Product): Promise<string> {
  const { person } = at;
  const { page } = person;
  const form = forms.get(product.form);
  if (!form) throw new Error(`no form ${product.form}`);
  await fillForm(person, form, product.filled);
  if (product.price) await page.getByText(`Dit kost ${product.price}.`).waitFor();
  await person.press('check.send');
  await person.see('kept.title.received');
  expect([product.id, await page.getByRole('img', { name: words['pay.qr'] }).count()]).toEqual([product.id, product.price ? 1 : 0]);
  const [reference] = /KTR-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await page.locator('main').textContent()) ?? '') ?? [];
  if (reference === undefined) throw new Error(`${product.id}: no reference on the ticket`);
  return reference;
}

async function orderAll(at: At, products: readonly Product[]): Promise<string[]> {
  const references: string[] = [];
  for (const product of products) {
    await begin(at, product);
    references.push(await order(at, product));
    await at.person.press('kept.more');
  }
  return references;
}

/** The worker opened each and carried it out, once: the answers fit the form, and the proof bears the trust. */
async function expectExecuted({ requests }: Stage, products: readonly Product[], trust: string): Promise<void> {
  const seen = async () => (await requests()).map(({ product, status, copies }) => [product, status, copies]);
  const wanted = products.map(({ id }) => [id, 'open', 1]);
  await expect.poll(async () => (await seen()).sort(), { timeout: 20_000 }).toEqual(wanted.sort());
  const trusts = (await requests()).map((arrival) => arrival.trust);
  expect(new Set(trusts)).toEqual(new Set([trust]));
}

it.each([
  ['certificates', certificates],
  ['at home', atHome],
  ['together', together],
])('with a card, %s: asked for, kept, received and carried out', async (_what, products) => {
  const stage = await openStage();
  await signIn(stage);
  await orderAll(stage, products);
  await expectExecuted(stage, products, 'card_read');
});

it('with the PIN: asked once for both, and each is in the person’s own file by its reference', async () => {
  const stage = await openStage();
  const { app, person } = stage;
  const { page } = person;
  await signIn(stage);
  const [subsidy, consultations] = withPin as [Product, Product];
  await begin(stage, subsidy);
  await typePin(await findPinPage(app.app), '1234');
  const first = await order(stage, subsidy);
  await person.press('kept.more');
  const references = [first, ...(await orderAll(stage, [consultations]))];
  await expectExecuted(stage, withPin, 'authenticated');
  await person.pressNamed(/^Mijn map bekijken/);
  await page.locator('.item').first().waitFor();
  await person.press('file.search');
  for (const reference of references) {
    await page.getByRole('textbox').fill(reference);
    await page.getByText('Eén gevonden').waitFor();
    expect(await page.locator('.item').count()).toBe(1);
  }
});

it('without a card: asked for, kept, received and carried out, and nobody is named', async () => {
  const stage = await openStage();
  await stage.person.see('attract.title');
  await stage.person.press('attract.begin');
  await orderAll(stage, withoutCard);
  await expectExecuted(stage, withoutCard, 'anonymous');
});

it('where the town takes no payment by phone: paid at the desk, and kept all the same', async () => {
  const { edges } = await openStage();
  const config = JSON.parse(readFileSync(edges.configFile, 'utf8'));
  delete config.municipality.payee;
  const configFile = join(makeFolder(), 'terminal.json');
  writeFileSync(configFile, JSON.stringify(config));
  const stage = await openStage({ configFile });
  await signIn(stage);
  const hall = together.filter(({ id }) => id === 'hall-and-material');
  await begin(stage, hall[0] as Product);
  const form = forms.get('hall-loan') as FormDefinition;
  await fillForm(stage.person, form, (hall[0] as Product).filled);
  await stage.person.press('check.send');
  await stage.person.see('kept.title.received');
  await stage.person.page.getByText(words['kept.pay.deskOnly']).waitFor();
  await expectExecuted(stage, hall, 'card_read');
});
