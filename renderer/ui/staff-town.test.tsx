import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';

const views = makeViews('nl');
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

it.each(['attract', 'broken', 'broken-not-enrolled'] as const)('five seconds on the town’s name open the operator’s page: %s', (name) => {
  const kiosk = renderKiosk(views[name]);
  fireEvent.pointerDown(screen.getByText(views[name].town));
  pass(4_999);
  expect(kiosk.asked()).toEqual([]);
  pass(1);
  expect(kiosk.asked()).toEqual([{ command: 'operator.open', input: {} }]);
});

it.each(['pointerUp', 'pointerLeave', 'pointerCancel'] as const)('less does not: %s', (end) => {
  const kiosk = renderKiosk(views.attract);
  fireEvent.pointerDown(screen.getByText(views.attract.town));
  pass(4_000);
  fireEvent[end](document.querySelector('.who__held') ?? document.body);
  pass(5_000);
  expect(kiosk.asked()).toEqual([]);
});

it('nor does a page that went away meanwhile', () => {
  const kiosk = renderKiosk(views.attract);
  fireEvent.pointerDown(screen.getByText(views.attract.town));
  kiosk.push(views.catalogue);
  pass(5_000);
  expect(kiosk.asked()).toEqual([]);
});

it('is nothing that a visitor could press', () => {
  renderKiosk(views.attract);
  expect(screen.getByText(views.attract.town).closest('button, a, [role], [tabindex]')?.getAttribute('role') ?? 'none').toBe('none');
});
