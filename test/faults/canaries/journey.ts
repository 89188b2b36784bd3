import { pressKeys, setPinpad } from '../../../native/virtual-card/reader.ts';
import type { Edges } from '../../harness/edges.ts';
import type { LaunchedApp } from '../../harness/launch.ts';
import { createPerson, type Person, words } from '../../harness/person.ts';
import { findPinPage, typePin } from '../../harness/pin-pad.ts';
import type { Needle } from '../../harness/search-files.ts';
import type { Chance } from '../yank/chance.ts';
import type { Canary } from './people.ts';

export const endings = ['kept', 'broken_off', 'page_crashed', 'killed'] as const;
export type Ending = (typeof endings)[number];

/** `consultations`: with the PIN. `proxy`: with photos of papers, and signed when it is kept. */
export const errands = ['certificate', 'defect', 'consultations', 'proxy'] as const;
export type Errand = (typeof errands)[number];

/** What this person does, chosen by the seed alone. */
export type Plan = { errand: Errand; ending: Ending; line: 'up' | 'down' };

export function choosePlan(chance: Chance): Plan {
  const errand = chance.weigh({ certificate: 2, defect: 2, consultations: 2, proxy: 3 });
  const ending = chance.weigh({ kept: 12, broken_off: 4, page_crashed: 2, killed: 2 });
  const line = chance.weigh({ up: 2, down: 1 });
  // The middleware has a part in signing in.
  return { errand, ending, line: errand === 'consultations' ? 'up' : line };
}

export type Scene = {
  app: LaunchedApp;
  edges: Edges;
  card: NonNullable<Edges['card']>;
  /** Does something with the app while it shows who the person is: a test plants its leak with it. */
  meanwhile?: ((app: LaunchedApp) => Promise<void>) | undefined;
  /** What comes to be only while somebody is there, as what a camera made: to be looked for like the rest. */
  onSeen: (needle: Needle) => void;
};

/** One person at the kiosk, from card in to card out. Answers whether the app can receive the next one. */
export async function makeJourney(scene: Scene, canary: Canary, plan: Plan): Promise<'goes_on' | 'ended'> {
  const { app, edges, card } = scene;
  const { persona } = canary;
  const person = createPerson(app.kiosk, null);
  edges.line.setLine(plan.line);
  await awaitInvitation(person);
  // A PIN on the glass is for a reader without keys; a signature wants one with keys.
  setPinpad(edges.env.LOKET_VIRTUAL_CARD ?? '', plan.errand === 'proxy');
  card.insert(persona.id);
  await person.see('identity.title');
  await person.page.getByText(persona.identity.surname).first().waitFor();
  await scene.meanwhile?.(app);
  await person.press('identity.yes');
  await person.see('catalogue.title');
  await fill(scene, person, canary, plan.errand);
  if (plan.ending === 'killed') {
    await app.kill();
    card.remove();
    return 'ended';
  }
  if (plan.ending === 'page_crashed') {
    await crashPage(app);
    await app.close();
    card.remove();
    return 'ended';
  }
  if (plan.ending === 'kept') {
    if (plan.errand === 'proxy') await sign(scene, person);
    else {
      await person.press('button.next');
      await person.see('check.title');
      await person.press(plan.line === 'up' ? 'check.send' : 'check.keep');
    }
    await person.see(plan.line === 'up' ? 'kept.title.received' : 'kept.title.kept');
  }
  card.remove();
  if (plan.ending === 'broken_off') {
    await person.see('cardOut.title');
    await person.press('cardOut.close');
  }
  await person.see('goodbye.title');
  return 'goes_on';
}

/** Or the goodbye to who came before: with an empty reader it is one too. */
async function awaitInvitation({ page }: Person): Promise<void> {
  const heading = page.getByRole('heading', { level: 1 });
  await heading.filter({ hasText: new RegExp(`^(${words['attract.title']}|${words['goodbye.title']})$`) }).waitFor();
}

/** Up to the last question, with what there is to type typed. */
async function fill(scene: Scene, person: Person, { typed, pin }: Canary, errand: Errand): Promise<void> {
  switch (errand) {
    case 'certificate':
      await person.pressNamed(/Attest van hoofdverblijfplaats/);
      await person.seeQuestion('Waarvoor hebt u het attest nodig?');
      await person.choose('Werk of uitkering');
      await person.press('button.next');
      await person.seeQuestion('Hoe krijgt u het attest?');
      return await person.choose('Ik haal het op aan de balie');
    case 'defect':
      await person.pressNamed(/Probleem op straat melden/);
      await person.seeQuestion('Wat is er aan de hand?');
      await person.choose('Straatlamp brandt niet');
      await person.press('button.next');
      await person.seeQuestion('Waar is dat?');
      return await person.typeOnGlass(typed);
    case 'consultations':
      // Not while it is closed: the line may have come back only just now, after the person before.
      await person.pressNamed(/Wie keek naar mijn gegevens(?!.*Nu niet)/s);
      await typePin(await findPinPage(scene.app.app), pin);
      await person.seeQuestion('Over welke periode?');
      return await person.choose('De laatste maand');
    case 'proxy':
      await person.pressNamed(/Volmacht om iets af te halen/);
      await person.seeQuestion('Wie mag het voor u afhalen?');
      await person.typeOnGlass(typed);
      await person.press('button.next');
      await person.seeQuestion('Wat mag die persoon afhalen?');
      await person.choose('Mijn reispas');
      await person.press('button.next');
      await person.seeQuestion('Hebt u er papieren bij?');
      return await takePhoto(scene, person);
  }
}

/** Pieces of the picture as the page made it, so long as one of them lies within one page of any file. */
const pieceBytes = 32;

async function takePhoto({ onSeen }: Scene, { page, ...person }: Person): Promise<void> {
  await page.evaluate(() => {
    const make = HTMLCanvasElement.prototype.toBlob;
    HTMLCanvasElement.prototype.toBlob = function (give, ...how) {
      make.call(
        this,
        (blob) => {
          Object.assign(globalThis, { lastPhoto: blob });
          give(blob);
        },
        ...how,
      );
    };
  });
  await person.press('photo.on');
  await person.see('photo.live.title');
  await person.press('photo.take');
  await person.see('photo.look.title');
  await person.press('photo.use');
  await page.getByRole('button', { name: 'Verder met 1 foto' }).waitFor();
  const bytes = await page.evaluate(async () => {
    const { lastPhoto } = globalThis as unknown as { lastPhoto: Blob };
    return [...new Uint8Array(await lastPhoto.arrayBuffer())];
  });
  // Not the first bytes, which all pictures of one camera share.
  for (const at of [0.4, 0.5, 0.6, 0.7].map((share) => Math.floor(bytes.length * share)))
    onSeen({ name: 'photo', bytes: Uint8Array.from(bytes.slice(at, at + pieceBytes)) });
}

/** What was read is signed, at the pinpad. */
async function sign({ edges }: Scene, person: Person): Promise<void> {
  const reader = edges.env.LOKET_VIRTUAL_CARD ?? '';
  await person.pressNamed('Verder met 1 foto');
  await person.see('check.title');
  await person.press('check.toDocument');
  await person.see('sign.title');
  await person.pressNamed(new RegExp(words['sign.button']));
  await person.see('signIn.pinpad.title');
  pressKeys(reader, 'right');
}

async function crashPage({ app, kiosk }: LaunchedApp): Promise<void> {
  const crashed = kiosk.waitForEvent('crash');
  await app.evaluate(({ BrowserWindow }) => {
    setTimeout(() => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(), 0);
  });
  await crashed;
}
