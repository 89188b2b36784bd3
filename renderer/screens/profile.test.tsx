import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';
import nl from '../i18n/nl.json' with { type: 'json' };

const views = makeViews('nl');
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const open = (what: keyof typeof nl) => button(nl['profile.changeThis'].replace('{what}', nl[what]));

it('nothing is chosen or agreed to beforehand', async () => {
  const { user } = renderKiosk(views['profile-empty']);
  for (const what of ['profile.post', 'profile.interests'] as const) {
    await user.click(open(what));
    expect(screen.queryAllByRole('button', { pressed: true }).map(({ textContent }) => textContent)).toEqual(
      what === 'profile.post' ? [nl['profile.post.noChoice']] : [],
    );
    await user.click(button(nl['button.back']));
  }
  await user.click(open('profile.use'));
  expect(screen.queryByRole('button', { name: /^Nee, niet meer/ })).toBeNull();
});

it('yes and no are one press each, in the same place, with the version of the words', async () => {
  const { user, asked } = renderKiosk(views.profile);
  await user.click(open('profile.newsletter'));
  await user.click(button(/^Stop deze nieuwsbrief: Nieuws/));
  await user.click(button(/^Ja, stuur mij deze nieuwsbrief: Werken/));
  expect(asked()).toEqual([
    { command: 'profile.set', input: { wish: { field: 'consent', purpose: 'news-town', given: false, version: 1 } } },
    { command: 'profile.set', input: { wish: { field: 'consent', purpose: 'news-works', given: true, version: 1 } } },
  ]);
});

it('a newsletter is not offered where it has nowhere to go', async () => {
  const { user } = renderKiosk(views['profile-empty']);
  await user.click(open('profile.newsletter'));
  screen.getByText(nl['profile.newsletter.needsEmail']);
  expect(screen.queryByRole('button', { name: /^Ja, stuur mij/ })).toBeNull();
});

it('a change says how far it is and is undone where it was made', async () => {
  const { user, asked } = renderKiosk(views['profile-changed']);
  await user.click(open('profile.email'));
  screen.getByText(/^Bewaard om .*, nog niet uitgevoerd/);
  await user.click(button(nl['profile.undo']));
  expect(asked()).toEqual([{ command: 'profile.undo', input: { thing: 'email' } }]);
});

it('without a line no code is offered, and taking away still is', async () => {
  const { user } = renderKiosk({ ...views.profile, line: { state: 'down', since: '2026-11-20T13:25:00Z' } });
  await user.click(open('profile.email'));
  screen.getByText(nl['profile.needsLine']);
  expect(screen.queryByRole('button', { name: nl['profile.email.change'] })).toBeNull();
  button(nl['profile.email.remove']);
});

it('a code is typed and sent; what was wrong is said until something else stands there', async () => {
  const { user, asked } = renderKiosk(views['profile-code-error']);
  const box = screen.getByRole('textbox');
  await user.type(box, '123456');
  await user.click(button(nl['profile.code.confirm']));
  expect(asked()).toEqual([{ command: 'profile.contact_code', input: { code: '123456' } }]);
});
