import { afterAll, expect, it } from 'vitest';
import { type Person, words } from '../harness/person.ts';
import { findPinPage, typePin } from '../harness/pin-pad.ts';
import { closeWorld, openStage, type Stage, signIn } from './stage.ts';

afterAll(closeWorld);

async function openProfile({ app, card, person }: Pick<Stage, 'app' | 'card' | 'person'>, persona = 'lotte'): Promise<void> {
  await signIn({ card, person }, persona);
  await lookAtProfile({ app, person });
}

async function lookAtProfile({ app, person }: Pick<Stage, 'app' | 'person'>): Promise<void> {
  await person.pressNamed(/^Mijn map bekijken/);
  await typePin(await findPinPage(app.app), '1234');
  await person.page.locator('.item').first().waitFor();
  await person.press('profile.name');
  await person.see('profile.name');
}

const changeThis = (what: string) => words['profile.changeThis'].replace('{what}', what);
const rowOf = (person: Person, word: 'profile.email' | 'profile.post') =>
  person.page.locator('.row', { has: person.page.getByText(words[word], { exact: true }) }).locator('.row__text, .row__soft');

/** The code that came to this address since. */
async function readCode({ edges }: Pick<Stage, 'edges'>, to: string): Promise<string> {
  const find = async () => (await edges.middleware.fetchMessages()).find((message) => message.to === to);
  await expect.poll(find).toBeDefined();
  return /\d{6}/.exec((await find())?.text ?? '')?.[0] ?? '';
}

it('an address, its code, and it is there for the next visit; a newsletter is asked, and stopped with one press', async () => {
  const stage = await openStage();
  const { person, card, arrivals } = stage;
  await openProfile(stage);
  await person.pressNamed(changeThis(words['profile.email']));
  await person.press('profile.email.add');
  await person.see('profile.email.ask');
  await person.page.getByRole('textbox').fill('lotte@proef');
  await person.press('profile.sendCode');
  await person.page.getByText(words['profile.email.wrong']).first().waitFor();
  await person.page.getByRole('textbox').fill('lotte@voorbeeld.example');
  await person.press('profile.sendCode');
  await person.see('profile.code.ask');
  const code = await readCode(stage, 'lotte@voorbeeld.example');
  await person.typeOnGlass(code === '000000' ? '111111' : '000000');
  await person.press('profile.code.confirm');
  await person.page
    .getByText(/Deze code klopt niet/)
    .first()
    .waitFor();
  await person.page.getByRole('textbox').fill(code);
  await person.press('profile.code.confirm');
  await person.see('profile.email');
  await person.page.getByText('lotte@voorbeeld.example').waitFor();
  await person.page.getByText(/^(Bewaard om|Ontvangen\.)/).waitFor();
  await expect.poll(async () => (await arrivals()).find(({ product }) => product === 'profile')?.state).toBe('executed');

  await person.press('button.back');
  await person.pressNamed(changeThis(words['profile.newsletter']));
  await person.pressNamed(words['profile.newsletter.yesThis'].replace('{what}', 'Nieuws van de gemeente'));
  await person.pressNamed(words['profile.newsletter.stopThis'].replace('{what}', 'Nieuws van de gemeente'));
  await expect
    .poll(async () => (await arrivals()).filter(({ product, state }) => product === 'profile' && state === 'executed').length)
    .toBe(3);
  await person.press('button.stop');
  await person.see('goodbye.card.title');
  card.remove();
  await person.see('goodbye.title');
  card.insert('lotte');
  await person.press('identity.yes');
  await person.see('catalogue.title');
  await lookAtProfile(stage);
  await rowOf(person, 'profile.email').filter({ hasText: 'lotte@voorbeeld.example' }).waitFor();
  await person.page
    .getByText(words['profile.given'].replace(/.*=0 \{([^}]*)\}.*/, '$1'))
    .first()
    .waitFor();
});

it('without a line a choice is kept, and carried out when the line is back; a code says that it needs one', async () => {
  const stage = await openStage();
  const { person, edges, arrivals } = stage;
  await openProfile(stage, 'nora');
  await edges.setLine('down');
  await person.pressNamed(changeThis(words['profile.post']));
  await person.press('profile.post.paper');
  await person.page.getByText(/^Bewaard om/).waitFor();
  await person.press('profile.undo');
  await person.page.getByText(/^Bewaard om/).waitFor();
  await person.press('profile.post.ebox');
  await person.press('button.back');
  await rowOf(person, 'profile.post').filter({ hasText: words['profile.post.ebox'] }).waitFor();
  await person.pressNamed(changeThis(words['profile.phone']));
  await person.page.getByText(words['profile.needsLine']).waitFor();
  expect((await arrivals()).filter(({ product }) => product === 'profile')).toEqual([]);
  await edges.setLine('up');
  await expect
    .poll(async () => (await arrivals()).filter(({ product, state }) => product === 'profile' && state === 'executed').length)
    .toBe(3);
  await person.press('button.back');
  await person.press('profile.lookAgain');
  await person.page.getByText(words['profile.change.done']).first().waitFor();
});
