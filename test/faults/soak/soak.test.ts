import { expect, test } from 'vitest';
import { runSoak, type SoakFigures, type SoakOptions } from './run.ts';

/** `npm run soak`, short: days in which nothing is lost, the same for the same seed; and it must be able to fail. */
async function soak(breaks: SoakOptions['breaks'] = {}): Promise<SoakFigures & { said: string }> {
  const said: string[] = [];
  const figures = await runSoak({
    days: 2,
    seed: 20_261_122,
    terminals: 1,
    say: () => undefined,
    complain: (line) => said.push(line),
    breaks,
  });
  return { ...figures, said: said.join('\n') };
}

test('two days with deaths, wrong clocks, two rotations and a restore: all of it once, and again the same', async () => {
  const first = await soak();
  expect(first.said).toBe('');
  expect(first).toMatchObject({ restores: 1, renewals: 1 });
  expect(first.deaths).toBeGreaterThan(0);
  expect(first.kept).toBeGreaterThan(40);
  expect(first.received).toBe(first.kept);
  expect((await soak()).digest).toBe(first.digest);
}, 120_000);

test('terminals that forget what no backup has, and do not hear of a restore, are noticed', async () => {
  const { said } = await soak({
    keepDays: 0,
    alter: (outbox) => ({
      ...outbox,
      cover: (news) => outbox.cover(news.map((each) => ({ ...each, backedUp: each.linked }))),
      enterEpoch: () => undefined,
    }),
  });
  expect(said).toContain('let go without a backup');
  expect(said).toContain('let go too early');
  expect(said).toMatch(/lost: kiosk-1 .* \(not there\)/);
}, 120_000);
