import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CardMessage, CardRequest } from '../contract/card.ts';
import type { CardReader } from './card-reader.ts';
import { serveRequests } from './serve-requests.ts';

let told: CardMessage[];
let started: number;
let calls: string[];
let serve: (data: unknown) => void;
const start: CardRequest = {
  ask: 'start',
  start: { module: null, testRoots: [], pollMs: 150, allowVirtualCard: false, allowDialog: false },
};
const reader: CardReader = {
  forget: (insertion) => calls.push(`forget ${insertion}`),
  read: () => calls.push('read'),
  ask: ({ ask }) => calls.push(ask),
  stop: () => calls.push('stop'),
};

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  calls = [];
  started = 0;
  serve = serveRequests({
    tell: (message) => told.push(message),
    start() {
      started += 1;
      return reader;
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const prepare = { ask: 'prepare', id: '00000000-0000-4000-8000-000000000000', insertion: 1, use: 'signature' };

test('a second start, which would share the library of the first, is refused', () => {
  serve(start);
  serve(start);
  expect(started).toBe(1);
  expect(told).toEqual([{ tell: 'log', event: 'request_refused', detail: 'started_already' }]);
});

test('what is asked reaches the reader', () => {
  serve(start);
  serve({ ask: 'read' });
  serve({ ask: 'forget', insertion: 3 });
  serve(prepare);
  expect([calls, told]).toEqual([['read', 'forget 3', 'prepare'], []]);
});

test.each([
  ['a question before the start', prepare, 'not_started'],
  ['what is not of the contract', { ask: 'open_the_till' }, 'not_of_the_contract'],
])('%s is refused', (_what, data, detail) => {
  serve(data);
  expect(told).toEqual([{ tell: 'log', event: 'request_refused', detail }]);
});

test('says that it is alive, before and after the start', () => {
  vi.advanceTimersByTime(2_000);
  serve(start);
  vi.advanceTimersByTime(4_000);
  expect(told).toEqual(Array(3).fill({ tell: 'alive' }));
});
