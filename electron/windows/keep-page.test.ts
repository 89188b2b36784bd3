import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePage } from './fake-page.ts';
import { type KeptPage, keepPage } from './keep-page.ts';

const url = 'app://loket/kiosk.html';
let contents: FakePage;
let page: KeptPage;
let gone: number;

beforeEach(() => {
  vi.useFakeTimers();
  contents = new FakePage();
  gone = 0;
  page = keepPage({ contents, url, onGone: () => (gone += 1) });
});
afterEach(() => vi.useRealTimers());

/** Lets what has been promised happen. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('loads', () => {
  it('begin at once', async () => {
    const loaded = page.load();
    expect(contents.loads.map((load) => load.url)).toEqual([url]);
    contents.loads[0]?.done();
    await expect(loaded).resolves.toBeUndefined();
  });

  it('that are asked for at once neither abort each other nor are mistaken for a page that broke', async () => {
    const [first, second, third] = [page.load(), page.load(), page.load()];
    expect(contents.loads).toHaveLength(1);
    // In the moment between the end of one and the begin of the next.
    const fourth = first.then(() => page.load());
    contents.loads[0]?.done();
    await settle();
    // One for all three: it began after each of them had asked.
    expect(contents.loads).toHaveLength(2);
    contents.loads[1]?.done();
    await Promise.all([second, third, fourth]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([contents.loads.length, gone]).toEqual([2, 0]);
  });

  it('that wait for one that fails begin all the same', async () => {
    const first = page.load();
    const second = page.load();
    contents.loads[0]?.fail();
    await expect(first).rejects.toThrow();
    await settle();
    contents.loads[1]?.done();
    await expect(second).resolves.toBeUndefined();
    await vi.advanceTimersByTimeAsync(60_000);
    // What the failure had asked for is served by it.
    expect([contents.loads.length, gone]).toEqual([2, 1]);
  });
});

describe('a page that breaks', () => {
  it.each<[string, (contents: FakePage) => void]>([
    ['dies while it loads', (contents) => contents.die()],
    ['hangs', (contents) => contents.emit('unresponsive')],
    ['does not load', (contents) => contents.loads[0]?.fail()],
  ])('and %s comes back, once', async (_how, breakIt) => {
    page.load().catch(() => undefined);
    breakIt(contents);
    await settle();
    expect([contents.loads.length, gone]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(100);
    expect(contents.loads).toHaveLength(2);
    contents.loads[1]?.done();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([contents.loads.length, gone]).toEqual([2, 1]);
  });

  it('again and again comes back ever more slowly, and fast again after a while', async () => {
    page.load().catch(() => undefined);
    const waits: number[] = [];
    for (let death = 0; death < 9; death += 1) {
      contents.die();
      const [before, count] = [Date.now(), contents.loads.length];
      while (contents.loads.length === count) await vi.advanceTimersByTimeAsync(100);
      waits.push(Date.now() - before);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
    contents.loads.at(-1)?.done();
    await vi.advanceTimersByTimeAsync(60_000);
    contents.die();
    await vi.advanceTimersByTimeAsync(100);
    expect(contents.loads).toHaveLength(11);
  });

  it('on purpose, or with its window, stays away', async () => {
    const loaded = page.load();
    contents.loads[0]?.done();
    await loaded;
    contents.die('clean-exit');
    contents.destroyed = true;
    contents.die();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([contents.loads.length, gone]).toEqual([1, 0]);
    await expect(page.load()).resolves.toBeUndefined();
  });
});
