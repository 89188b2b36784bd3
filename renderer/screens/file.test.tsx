import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { ScreenView } from '../../contract/view.ts';
import { makeFilePush } from '../fixtures/file-views.ts';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';
import { useFile } from '../state/file-store.ts';

const view = makeViews('nl').file;
const file = view.screen as Extract<ScreenView, { name: 'file' }>;
const heading = () => screen.getByRole('heading', { level: 1 }).textContent;
const push = makeFilePush('file');
const parking = push.items.find(({ key }) => key === 'parking/0')?.title.nl;

it('begins with the item that somebody came back to, and the list comes after it', async () => {
  useFile.getState().take(push);
  const { user, asked } = renderKiosk({ ...view, screen: { ...file, opened: 'parking/0' } });
  expect(heading()).toBe(parking);
  await user.click(screen.getByRole('button', { name: 'Terug naar de lijst' }));
  expect(heading()).not.toBe(parking);
  expect(asked()).toEqual([{ command: 'item.leave', input: {} }]);
});

it('begins with the list where it is not there any more', () => {
  useFile.getState().take(push);
  renderKiosk({ ...view, screen: { ...file, opened: 'parking/7' } });
  expect(heading()).not.toBe(parking);
});
