import type { Edges } from '../../harness/edges.ts';
import type { LaunchedApp } from '../../harness/launch.ts';
import { createPerson, type Person, words } from '../../harness/person.ts';
import type { Chance } from '../yank/chance.ts';
import type { Canary } from './people.ts';

export const endings = ['kept', 'broken_off', 'page_crashed', 'killed'] as const;
export type Ending = (typeof endings)[number];

/** What this person does, chosen by the seed alone. */
export type Plan = { errand: 'certificate' | 'defect'; ending: Ending; line: 'up' | 'down' };

export function choosePlan(chance: Chance): Plan {
  return {
    errand: chance.pick(['certificate', 'defect']),
    ending: chance.weigh({ kept: 12, broken_off: 4, page_crashed: 2, killed: 2 }),
    line: chance.weigh({ up: 2, down: 1 }),
  };
}

export type Scene = {
  app: LaunchedApp;
  edges: Edges;
  card: NonNullable<Edges['card']>;
  /** Does something with the app while it shows who the person is: a test plants its leak with it. */
  meanwhile?: ((app: LaunchedApp) => Promise<void>) | undefined;
};

/** One person at the kiosk, from card in to card out. Answers whether the app can receive the next one. */
export async function makeJourney(scene: Scene, { persona, typed }: Canary, plan: Plan): Promise<'goes_on' | 'ended'> {
  const { app, edges, card } = scene;
  const person = createPerson(app.kiosk, null);
  edges.line.setLine(plan.line);
  await awaitInvitation(person);
  card.insert(persona.id);
  await person.see('identity.title');
  await person.page.getByText(persona.identity.surname).first().waitFor();
  await scene.meanwhile?.(app);
  await person.press('identity.yes');
  await person.see('catalogue.title');
  await fill(person, plan.errand, typed);
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
    await person.press('button.next');
    await person.see('check.title');
    await person.press(plan.line === 'up' ? 'check.send' : 'check.keep');
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
async function fill(person: Person, errand: Plan['errand'], typed: string): Promise<void> {
  if (errand === 'certificate') {
    await person.pressNamed(/Attest van hoofdverblijfplaats/);
    await person.seeQuestion('Waarvoor hebt u het attest nodig?');
    await person.choose('Werk of uitkering');
    await person.press('button.next');
    await person.seeQuestion('Hoe krijgt u het attest?');
    return await person.choose('Ik haal het op aan de balie');
  }
  await person.pressNamed(/Probleem op straat melden/);
  await person.seeQuestion('Wat is er aan de hand?');
  await person.choose('Straatlamp brandt niet');
  await person.press('button.next');
  await person.seeQuestion('Waar is dat?');
  await person.typeOnGlass(typed);
}

async function crashPage({ app, kiosk }: LaunchedApp): Promise<void> {
  const crashed = kiosk.waitForEvent('crash');
  await app.evaluate(({ BrowserWindow }) => {
    setTimeout(() => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(), 0);
  });
  await crashed;
}
