import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FilePush } from '../../contract/file-view.ts';
import { gatherFile } from './gather-file.ts';

const push = (reading: string | null, ...emptied: string[]): FilePush => ({ reading, sources: [], emptied, items: [] });
let taken: (string | null)[][];
let gather: ReturnType<typeof gatherFile>;

beforeEach(() => {
  vi.useFakeTimers();
  taken = [];
  gather = gatherFile((pushes) => taken.push(pushes.map(({ reading }) => reading)));
});
afterEach(() => vi.useRealTimers());

it('hands on the first at once, and what follows together, in its order', () => {
  for (const reading of ['1', '2', '3']) gather.hear(push(reading));
  expect(taken).toEqual([['1']]);
  vi.runAllTimers();
  expect(taken).toEqual([['1'], ['2', '3']]);
  gather.hear(push('4'));
  expect(taken.at(-1)).toEqual(['4']);
});

it('takes everything away at once, with what was still waiting', () => {
  for (const reading of ['1', '2', null]) gather.hear(push(reading));
  expect(taken).toEqual([['1'], [null]]);
  vi.runAllTimers();
  expect(taken).toEqual([['1'], [null]]);
});

it('hands on nothing after it was stopped', () => {
  for (const reading of ['1', '2']) gather.hear(push(reading));
  gather.stop();
  vi.runAllTimers();
  expect(taken).toEqual([['1']]);
});
