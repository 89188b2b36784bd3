import { expect, it } from 'vitest';
import { createPinEntry, type PinEntry } from './pin-entry.ts';

const press = (entry: PinEntry, ...keys: string[]) => {
  for (const key of keys) {
    if (/^\d$/.test(key)) entry.take('pin.digit', { digit: key });
    else entry.take(key as 'pin.erase', {});
  }
};

it('gives the digits once, and has none afterwards', async () => {
  const entry = createPinEntry(() => undefined);
  const pin = entry.ask();
  press(entry, '1', '9', 'pin.erase', '2', '3', '4');
  expect(entry.typed()).toBe(4);
  press(entry, 'pin.done', 'pin.done');
  expect(await pin).toBe('1234');
  expect(entry.typed()).toBe(0);
  const second = entry.ask();
  press(entry, 'pin.done');
  entry.clear();
  expect(await second).toBeNull();
});

it('takes no digit that nobody asked for', async () => {
  const entry = createPinEntry(() => undefined);
  press(entry, '1', '2', '3', '4');
  expect(entry.typed()).toBe(0);
  const pin = entry.ask();
  press(entry, '5', '6', '7', '8', 'pin.done');
  expect(await pin).toBe('5678');
});

it('wants four digits and takes no more than twelve', async () => {
  const entry = createPinEntry(() => undefined);
  const pin = entry.ask();
  press(entry, '1', '2', '3', 'pin.done');
  expect(entry.typed()).toBe(3);
  press(entry, ...'4567890123456', 'pin.done');
  expect(await pin).toBe('123456789012');
});

it('ends a question with nothing when it is cleared or asked anew', async () => {
  const entry = createPinEntry(() => undefined);
  for (const end of [() => entry.clear(), () => void entry.ask()]) {
    const pin = entry.ask();
    press(entry, '1', '2', '3', '4');
    end();
    expect(await pin).toBeNull();
    expect(entry.typed()).toBe(0);
  }
});

it('tells of each change of the count', () => {
  const seen: number[] = [];
  const entry: PinEntry = createPinEntry(() => seen.push(entry.typed()));
  void entry.ask();
  press(entry, '1', '2', 'pin.erase', 'pin.erase', 'pin.erase');
  expect(seen).toEqual([0, 1, 2, 1, 0]);
});
