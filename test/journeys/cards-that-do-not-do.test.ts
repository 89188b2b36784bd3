import { afterAll, expect, it } from 'vitest';
import { words } from '../harness/person.ts';
import { closeWorld, openCertificate, openStage, seeWiped, signIn } from './stage.ts';

afterAll(closeWorld);

it('each wrong card gets its own sentence, fills in nothing, and the next person’s card works', async () => {
  const { card, person } = await openStage();
  const cases = [
    ['wannes', 'refused.not_proven.title'],
    ['wannes-id', 'refused.not_proven.title'],
    ['wannes-photo', 'refused.not_proven.title'],
    ['wannes-signature', 'refused.not_proven.title'],
    ['wannes-chain', 'refused.issuer_unknown.title'],
    ['stranger', 'refused.issuer_unknown.title'],
    ['bank', 'refused.not_an_eid.title'],
    ['library', 'refused.not_an_eid.title'],
    ['garbled', 'refused.unreadable.title'],
  ] as const;
  for (const [persona, title] of cases) {
    await person.see('attract.title');
    card.insert(persona);
    await person.see(title);
    expect(await person.page.getByText(words['source.card']).count(), persona).toBe(0);
    card.remove();
  }
  await signIn({ card, person });
});

it('a copy is told apart by its chip, before the product that asks for it; everything else it opens', async () => {
  const { card, person } = await openStage();
  await signIn({ card, person }, 'wannes-chip');
  await person.pressNamed(/Probleem op straat/);
  await person.seeQuestion('Wat is er aan de hand?');
  await person.press('button.back');
  await person.pressNamed(/Adreswijziging/);
  await person.see('refused.not_genuine.title');
  // Another card is another person: nothing of the visit before is in theirs.
  card.swap('wannes-clone');
  await person.see('identity.title');
  await person.press('identity.yes');
  await person.pressNamed(/Adreswijziging/);
  await person.see('refused.not_genuine.title');
  card.swap('lotte');
  await person.see('identity.title');
  await person.press('identity.yes');
  await person.pressNamed(/Adreswijziging/);
  await person.seeQuestion('Waar gaat u wonen?');
});

it('a bank card put in the place of an identity card between two looks is named at once', async () => {
  const { card, person } = await openStage();
  await signIn({ card, person });
  card.swap('bank');
  await person.see('refused.not_an_eid.title');
  card.swap('helene');
  await person.see('identity.title');
  await person.page.getByText('Hélène Marie-Noëlle Dubrulois').waitFor();
});

it('a second reader: an eID there is read when a bank card sits in the first, and waits when another is being used', async () => {
  const { card, person } = await openStage();
  await person.see('attract.title');
  card.plugReaders(2);
  card.insert('bank');
  await person.see('refused.not_an_eid.title');
  card.insertSecond('lotte');
  await person.see('identity.title');
  card.remove();
  card.insert('helene');
  await person.press('identity.yes');
  await person.see('catalogue.title');
  expect(await person.page.getByText(/Hélène/).count()).toBe(0);
  card.removeSecond();
  await person.see('identity.title');
  await person.page.getByText('Hélène Marie-Noëlle Dubrulois').waitFor();
});

it('an altered card opens no product that needs it, and still lets its holder report a defect', async () => {
  const { card, person } = await openStage();
  await person.see('attract.title');
  card.insert('wannes');
  await person.see('refused.not_proven.title');
  await person.press('button.withoutCard');
  await person.see('catalogue.title');
  await person.page.getByText(words['catalogue.needs_proven_card']).first().waitFor();
  expect(await person.page.getByRole('button', { name: /Attest van hoofdverblijfplaats/ }).count()).toBe(0);
  await person.pressNamed(/Probleem op straat melden/);
  await person.seeQuestion('Wat is er aan de hand?');
});

it('a card put in upside down looks like no card: the invitation stays, and says which way round it goes', async () => {
  const { card, person } = await openStage();
  await person.see('attract.title');
  card.insert('upside-down');
  await person.page.getByText('De chip gaat eerst.').waitFor();
  await person.see('attract.title');
  card.remove();
  await signIn({ card, person });
});

it('no reader: said at once, healed when it is plugged in', async () => {
  const { card, person } = await openStage();
  await person.see('attract.title');
  card.plug(false);
  await person.see('attract.noReader.title');
  card.plug(true);
  await person.see('attract.title');
  await signIn({ card, person });
});

it('the reader unplugged while somebody types: covered and said, and the same card goes on when it is back', async () => {
  const { app, card, person } = await openStage();
  await signIn({ card, person });
  await openCertificate(person);
  await person.choose('Werk of uitkering');
  card.plug(false);
  await person.see('attract.noReader.title');
  await person.page.getByText('Uw bezoek wacht intussen.').waitFor();
  await person.page.getByText(words['answers.kept']).waitFor();
  expect(await person.page.getByText(/Lotte|Vandeputte|Zandkapelstraat|Steek dezelfde kaart/).count()).toBe(0);
  card.plug(true);
  await person.seeQuestion('Waarvoor hebt u het attest nodig?');
  expect(await person.page.getByRole('radio', { name: 'Werk of uitkering' }).isChecked()).toBe(true);
  card.plug(false);
  await person.see('attract.noReader.title');
  await person.press('cardOut.close');
  await seeWiped({ app });
  await person.see('goodbye.title');
  await person.press('goodbye.begin');
  await person.see('catalogue.title');
  // The card came back with its reader, after its visit: it is nobody's until it is taken out.
  card.plug(true);
  await person.pressNamed(/Attest van hoofdverblijfplaats/);
  await person.page.getByText('Er zit nog een kaart in de lezer.').waitFor();
  expect(await person.page.getByText(/Lotte|Vandeputte/).count()).toBe(0);
  card.remove();
  card.insert('helene');
  await person.see('identity.title');
  await person.page.getByText('Hélène Marie-Noëlle Dubrulois').waitFor();
});

it('a card pulled while it is read leaves nothing on the glass, and the next card is the next person', async () => {
  const { card, person } = await openStage();
  await person.see('attract.title');
  card.slowDown(200_000);
  card.insert('lotte');
  await person.see('reading.title');
  card.remove();
  await person.see('attract.title');
  card.slowDown(3_000);
  card.insert('helene');
  await person.see('identity.title');
  await person.page.getByText('Hélène Marie-Noëlle Dubrulois').waitFor();
  expect(await person.page.getByText('Vandeputte').count()).toBe(0);
});

it('a card pulled while typing covers the page; another card uncovers nothing; the same one goes on', async () => {
  const { card, person } = await openStage();
  await signIn({ card, person });
  await openCertificate(person);
  await person.choose('Werk of uitkering');
  card.remove();
  await person.see('cardOut.title');
  expect(await person.page.getByText(/Lotte|Vandeputte|Zandkapelstraat/).count()).toBe(0);
  card.insert('helene');
  await person.page.getByText(words['cardOut.otherCard']).waitFor();
  expect(await person.page.getByText(/Lotte|Dubrulois/).count()).toBe(0);
  card.remove();
  card.insert('lotte');
  await person.seeQuestion('Waarvoor hebt u het attest nodig?');
  expect(await person.page.getByRole('radio', { name: 'Werk of uitkering' }).isChecked()).toBe(true);
});
