import { EventEmitter } from 'node:events';
import type { Input, WebContents } from 'electron';
import { expect, it, vi } from 'vitest';
import { hearOperatorKeys } from './operator-view.ts';

vi.mock('electron', () => ({ WebContentsView: class {} }));

const chord = { type: 'keyDown', code: 'KeyL', key: 'l', control: true, alt: true, shift: false, meta: false, isAutoRepeat: false };

function press(change: Partial<Input>): { opened: number; prevented: number } {
  const page = new EventEmitter();
  const seen = { opened: 0, prevented: 0 };
  hearOperatorKeys(page as unknown as WebContents, () => {
    seen.opened += 1;
  });
  const preventDefault = () => {
    seen.prevented += 1;
  };
  page.emit('before-input-event', { preventDefault }, { ...chord, ...change });
  return seen;
}

it.each<Partial<Input>>([{}, { key: 'ł' }])('opens on Ctrl+Alt+L, whatever that key says: %o', (change) => {
  expect(press(change)).toEqual({ opened: 1, prevented: 1 });
});

it.each<Partial<Input>>([
  { type: 'keyUp' },
  { code: 'KeyK' },
  { control: false },
  { alt: false },
  { shift: true },
  { meta: true },
  { isAutoRepeat: true },
])('leaves other keys to the page: %o', (change) => {
  expect(press(change)).toEqual({ opened: 0, prevented: 0 });
});
