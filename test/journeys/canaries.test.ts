import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Plan } from '../faults/canaries/journey.ts';
import { runCanaries } from '../faults/canaries/run.ts';

const plans: Plan[] = [
  { errand: 'defect', ending: 'kept', line: 'down' },
  { errand: 'consultations', ending: 'page_crashed', line: 'up' },
  { errand: 'proxy', ending: 'kept', line: 'down' },
  { errand: 'proxy', ending: 'killed', line: 'up' },
];

it('four people at one kiosk, with PIN, photos and a signature, a crash and the power gone: nothing of them is left, and no core file would hold their memory', async () => {
  const filters = new Set<string>();
  const figures = await runCanaries({
    journeys: plans.length,
    seed: 7,
    plans,
    async meanwhile({ app }) {
      for (const pid of findProcesses(app.process().pid ?? 0)) filters.add(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim());
    },
  });
  expect(figures.hits).toEqual([]);
  expect(figures.files).toBeGreaterThan(10);
  expect(figures.exports).toBe(2);
  if (process.platform === 'linux') expect(filters).toEqual(new Set(['00000000']));
});

it('an app that lets what is on the glass slip into a file is caught, by name', async () => {
  const { hits } = await runCanaries({
    journeys: 1,
    seed: 8,
    plans: plans.slice(0, 1),
    // A draft that "just in case" goes to disk, from the page through the main process.
    async meanwhile({ app, kiosk }) {
      const text = await kiosk.evaluate(() => document.body.textContent ?? '');
      await app.evaluate(({ app: electron }, draft) => {
        const { appendFileSync } = process.getBuiltinModule('node:fs');
        appendFileSync(`${electron.getPath('userData')}/draft`, Buffer.from(draft, 'utf16le').toString('base64'));
      }, text);
    },
  });
  expect(new Set(hits.map(({ needle }) => needle))).toContain('surname of person 1');
  expect(new Set(hits.map(({ file }) => file))).toEqual(new Set(['run/data/draft']));
});

/** The main process and the card's: Chromium's sandboxed ones allow no core file anyway. */
function findProcesses(main: number): number[] {
  if (process.platform !== 'linux') return [];
  const card = readdirSync('/proc').filter(
    (pid) => /--utility-sub-type=node\.mojom\.NodeService/.test(readCommand(pid)) && ancestors(pid).includes(main),
  );
  expect(card).not.toEqual([]);
  return [main, ...card.map(Number)];
}

function readCommand(pid: string): string {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  } catch {
    return '';
  }
}

function ancestors(pid: string): number[] {
  const found: number[] = [];
  for (let at = Number(pid); at > 1; ) {
    at = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${at}/status`, 'utf8'))?.[1] ?? 0);
    found.push(at);
  }
  return found;
}
