import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FilePush } from '../../contract/file-view.ts';
import { gatherFile } from './gather-file.ts';

const push = (reading: string | null, ...emptied: string[]): FilePush => ({ reading, sources: [], emptied, items: [] });
let frames: Map<number, () => void>;
let taken: (string | null)[][];
let gather: ReturnType<typeof gatherFile>;

beforeEach(() => {
  vi.useFakeTimers();
  frames = new Map();
  let last = 0;
  vi.stubGlobal('requestAnimationFrame', (then: () => void) => {
    last += 1;
    frames.set(last, then);
    return last;
  });
  vi.stubGlobal('cancelAnimationFrame', (frame: number) => frames.delete(frame));
  taken = [];
  gather = gatherFile((pushes) => taken.push(pushes.map(({ reading }) => reading)));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function draw(): void {
  const now = [...frames.values()];
  frames.clear();
  for (const frame of now) frame();
}

it('hands on what came, in its order, once in the next frame', () => {
  for (const reading of ['1', '2', '3']) gather.hear(push(reading));
  expect(taken).toEqual([]);
  draw();
  expect(taken).toEqual([['1', '2', '3']]);
  draw();
  vi.runAllTimers();
  gather.hear(push('4'));
  draw();
  expect(taken).toEqual([['1', '2', '3'], ['4']]);
});

it('hands it on once, all the same, where no frame is drawn', () => {
  for (const reading of ['1', '2']) gather.hear(push(reading));
  vi.runAllTimers();
  expect(taken).toEqual([['1', '2']]);
  draw();
  expect(taken).toEqual([['1', '2']]);
});

it('takes everything away at once, with what was still waiting', () => {
  for (const reading of ['1', '2', null]) gather.hear(push(reading));
  expect(taken).toEqual([[null]]);
  draw();
  vi.runAllTimers();
  expect(taken).toEqual([[null]]);
});

it('hands on nothing after it was stopped', () => {
  for (const reading of ['1', '2']) gather.hear(push(reading));
  gather.stop();
  draw();
  vi.runAllTimers();
  expect(taken).toEqual([]);
});
