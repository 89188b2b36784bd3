import type { Edges } from './edges.ts';
import type { LaunchedApp } from './launch.ts';
import { createPerson, type Person, words } from './person.ts';

/** Whose card it is. */
export const persona = 'lotte';
/** For whoever puts the card in by hand. */
const handPatience = 120_000;
/** Of each command to the card, so that the page that says "we read your card" stays for a picture; its end does not wait for it. */
const slowMicroseconds = 2_000_000;

export type Story = {
  /** When the card went in, by the system's clock in milliseconds; null when a person put it in. */
  inserted: number | null;
  keptMs: number;
  prefilledFields: number;
  typedFields: number;
  screenshots: string[];
};

type Scene = {
  app: LaunchedApp;
  edges: Edges;
  person: Person;
  picture: (name: string) => Promise<void>;
  say: (sentence: string) => void;
};

/** What the people of the main job do, from the invitation to the second goodbye, with a picture of each page. */
export async function tellStory(
  app: LaunchedApp,
  edges: Edges,
  { pictures, say }: { pictures: string; say: (sentence: string) => void },
): Promise<Story> {
  const person = createPerson(app.kiosk, pictures);
  const screenshots: string[] = [];
  const picture = async (name: string) => void screenshots.push(await person.picture(name));
  const scene: Scene = { app, edges, person, picture, say };
  const inserted = await bringCard(scene);
  await fillForm(scene);
  const kept = await keepWithoutLine(scene);
  await leave(scene);
  await reportDefect(scene);
  return { inserted, ...kept, screenshots };
}

async function bringCard({ app, edges: { card }, person, picture, say }: Scene): Promise<number | null> {
  say('The kiosk invites.');
  if (card === null) say('Put a card in the reader, if there is none in it.');
  else {
    await person.see('attract.title');
    await picture('attract');
    say('A card goes in, and comes out before it has been read.');
    const hurry = card.slow(slowMicroseconds);
    card.insert(persona);
    await person.see('reading.title');
    await picture('reading');
    card.remove();
    await person.see('attract.title');
    hurry();
  }
  say('A card goes in.');
  const inserted = card === null ? null : performance.timeOrigin + performance.now();
  card?.insert(persona);
  await (card === null ? person.see('identity.title', handPatience) : person.see('identity.title'));
  await app.kiosk.getByText(words['identity.proven']).first().waitFor();
  await picture('identity');
  await person.press('identity.yes');
  return inserted;
}

async function fillForm({ app, person, picture, say }: Scene): Promise<void> {
  say('The person chooses a certificate of main residence and answers two questions.');
  await person.see('catalogue.title');
  await picture('catalogue');
  await person.pressNamed(/Attest van hoofdverblijfplaats/);
  await person.seeQuestion('Waarvoor hebt u het attest nodig?');
  await person.press('button.next');
  await app.kiosk.getByRole('heading', { name: 'Kijk uw antwoord nog even na' }).waitFor();
  await picture('question-missing');
  await person.choose('Werk of uitkering');
  await picture('question-purpose');
  await person.press('button.next');
  await person.seeQuestion('Hoe krijgt u het attest?');
  await person.choose('Ik haal het op aan de balie');
  await picture('question-delivery');
}

async function keepWithoutLine(scene: Scene): Promise<Pick<Story, 'keptMs' | 'prefilledFields' | 'typedFields'>> {
  const { app, edges, person, picture, say } = scene;
  say('The line is cut.');
  edges.line.setLine('down');
  await person.press('button.next');
  await person.see('check.title');
  await app.kiosk.getByRole('button', { name: words['check.keep'] }).waitFor();
  await picture('check');
  const prefilledFields = await app.kiosk.getByText(words['source.card'], { exact: true }).count();
  const typedFields = await app.kiosk.getByText(words['source.said'], { exact: true }).count();
  const sent = performance.now();
  await person.press('check.keep');
  await person.see('kept.title.kept');
  const keptMs = performance.now() - sent;
  await picture('kept');
  say('Kept here, not yet received. The line comes back.');
  edges.line.setLine('up');
  await person.see('kept.title.received');
  await picture('received');
  return { keptMs, prefilledFields, typedFields };
}

async function leave({ edges: { card }, person, picture, say }: Scene): Promise<void> {
  say('The visit ends.');
  if (card === null) {
    await person.press('kept.close');
    await person.see('goodbye.card.title');
  } else {
    await person.press('kept.more');
    await person.see('catalogue.title');
    await person.pressNamed(/Attest van hoofdverblijfplaats/);
    await person.seeQuestion('Waarvoor hebt u het attest nodig?');
    say('The card comes out in the middle of another form: the page is covered.');
    card.remove();
    await person.see('cardOut.title');
    await picture('card-out');
    await person.press('cardOut.close');
    await person.see('goodbye.title');
  }
  await picture('goodbye');
}

async function reportDefect({ edges, person, picture, say }: Scene): Promise<void> {
  say('The next person reports a street defect, without a card.');
  await person.press('goodbye.begin');
  await person.see('catalogue.title');
  await picture('catalogue-without-card');
  await person.pressNamed(/Probleem op straat melden/);
  await person.seeQuestion('Wat is er aan de hand?');
  await person.choose('Straatlamp brandt niet');
  await picture('defect-category');
  await person.press('button.next');
  await person.seeQuestion('Waar is dat?');
  await person.typeOnGlass('vlasmarkt 3');
  await picture('defect-place');
  await person.press('button.next');
  await person.see('check.title');
  await picture('defect-check');
  await person.press('check.send');
  await person.see('kept.title.received');
  await picture('defect-received');
  await person.press('kept.close');
  await person.see(edges.card ? 'goodbye.title' : 'goodbye.card.title');
  await picture('defect-goodbye');
}
