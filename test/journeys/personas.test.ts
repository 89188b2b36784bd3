import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { allPersonas, type EidPersona, isEid } from '../../native/virtual-card/personas.ts';
import { readState } from '../../native/virtual-card/reader.ts';
import { type Word, words } from '../harness/person.ts';
import { closeWorld, openStage } from './stage.ts';

afterAll(closeWorld);

/** As a person reads it; written out by hand, so that no parser and no formatter judges itself. */
const bornOn: Readonly<Record<string, string>> = {
  lotte: '14 maart 1993',
  helene: '2 juni 1948',
  gisela: '5 maart 1969',
  milan: '30 augustus 2004',
  nora: '16 juli 1979',
  noor: '11 april 2016',
  finn: '2 november 2022',
  ilinca: '24 oktober 1990',
  amaru: '21 augustus 2003',
  tesfay: '1971',
  maximiliaan: '31 december 1982',
  expired: '28 november 1961',
  robrecht: '17 januari 1938',
  rozemarijn: '26 februari 1939',
  blocked: '19 juni 1988',
  revoked: '6 mei 1957',
  'wannes-chip': '9 juli 1985',
  'wannes-clone': '9 juli 1985',
};

/** The page of a card that fills in nothing. `attract.title`: the library takes it for no card at all. */
const refused: Readonly<Record<string, Word>> = {
  wannes: 'refused.not_proven.title',
  'wannes-id': 'refused.not_proven.title',
  'wannes-photo': 'refused.not_proven.title',
  'wannes-signature': 'refused.not_proven.title',
  'wannes-chain': 'refused.issuer_unknown.title',
  stranger: 'refused.issuer_unknown.title',
  bank: 'refused.not_an_eid.title',
  library: 'refused.not_an_eid.title',
  garbled: 'refused.unreadable.title',
  worn: 'refused.unreadable.title',
  'upside-down': 'attract.title',
};

const isRead = (persona: (typeof allPersonas)[number]): persona is EidPersona => isEid(persona) && bornOn[persona.id] !== undefined;

it('every card stands in one of the two lists', () => {
  expect([...Object.keys(bornOn), ...Object.keys(refused)].sort()).toEqual(allPersonas.map(({ id }) => id).sort());
});

it('every readable card is on the glass exactly as it is on the chip, one person after the other', async () => {
  const { card, person, edges } = await openStage();
  const cards = readState(edges.env.LOKET_VIRTUAL_CARD ?? '').keys.cards ?? '';
  for (const { id, identity, address } of allPersonas.filter(isRead)) {
    await person.see('attract.title');
    card.insert(id);
    await person.page.getByText(words['identity.proven'], { exact: true }).waitFor();
    // As it is laid out: what stands on the glass, each line apart.
    // biome-ignore lint/performance/useDomNodeTextContent: text content runs the lines of an address together
    const glass = (await person.page.getByRole('main').innerText()).replaceAll(/\s+/g, ' ');
    const { firstNames, surname, birthPlace, nationality, nationalNumber } = identity;
    for (const value of [
      `${firstNames} ${surname}`,
      `${bornOn[id]} in ${birthPlace}`,
      nationality,
      `${address.streetAndNumber} ${address.postalCode} ${address.municipality}`,
      `••.••.••-•••.${nationalNumber.slice(-2)}`,
    ])
      expect(glass, id).toContain(value);
    expect(glass, id).not.toContain(nationalNumber);
    const photo = await person.page.getByRole('img', { name: words['identity.photo'] }).getAttribute('src');
    expect(photo, id).toBe(`data:image/jpeg;base64,${readFileSync(join(cards, id, 'photo')).toString('base64')}`);
    expect(glass.includes(words['identity.expired'].replaceAll(/<\/?b>/g, '')), id).toBe(id === 'expired');
    card.remove();
  }
  await person.see('attract.title');
}, 240_000);

it('every other card has its own sentence, and nothing of it is on the glass', async () => {
  const { card, person } = await openStage();
  for (const [id, title] of Object.entries(refused)) {
    await person.see('attract.title');
    card.insert(id);
    await person.see(title);
    expect(await person.page.getByText(words['source.card']).count(), id).toBe(0);
    card.remove();
  }
  await person.see('attract.title');
}, 180_000);
