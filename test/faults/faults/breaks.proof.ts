import { expect, test } from 'vitest';
import { type FaultFigures, type FaultOptions, runFaults } from './run.ts';
import { usualStore } from './store.ts';
import { buildUnsyncedLayer } from './unsynced-layer.ts';

/** The tool must be able to fail: one protection taken out at a time, and it says which promise does not hold any more. */
const layer = await buildUnsyncedLayer();

const usual: FaultOptions = {
  kills: 10,
  seed: 3,
  store: usualStore(),
  side: 2,
  powerCuts: 0,
  withoutLine: 0.1,
  keepsAtMost: 8,
  middlewareShare: 0,
  drainMs: 15_000,
  say: () => undefined,
  complain: () => undefined,
};

const run = (changes: Partial<FaultOptions>): Promise<FaultFigures> => runFaults({ ...usual, ...changes });

test('without the unique keys, and a middleware that does not look: twice', async () => {
  const file = 'middleware/ingest/judge-delivery.ts';
  const doesNotLook = { file, text: 'known.byTxId.get(record.txId)', by: '(undefined as KnownRecord | undefined)' };
  const database = ['ALTER TABLE inbox DROP CONSTRAINT inbox_pkey CASCADE', 'DROP INDEX inbox_place'];
  const figures = await run({ breaks: { middleware: [doesNotLook], database } });
  expect(figures.duplicated).toBeGreaterThan(0);
}, 120_000);

test('without the receipt’s signature: shown as received, and lost', async () => {
  const believesAll = { file: 'electron/sync/keys/signed.ts', text: 'const genuine = verify(', by: 'const genuine = true || verify(' };
  const figures = await run({ kills: 14, forged: 60, breaks: { client: [believesAll] } });
  expect(figures.unverified).toBeGreaterThan(0);
  expect(figures.lost).toBeGreaterThan(0);
}, 120_000);

/** Most of what is kept waits when the power goes. */
const cuts = { powerCuts: 1, withoutLine: 0.9 };

test.skipIf(layer === null)(
  'with commits that wait for no disk: the terminal finds records gone',
  async () => {
    const files = ['electron/store/open-database.ts', 'electron/outbox/open-outbox.ts', 'electron/outbox/settle.ts'];
    const client = files.map((file) => ({ file, text: 'synchronous = FULL', by: 'synchronous = OFF' }));
    const figures = await run({ ...cuts, breaks: { client } });
    expect(figures.statedLost).toBeGreaterThan(0);
  },
  120_000,
);

test.skipIf(layer === null)(
  'with a head that waits for no disk: it knows less than somebody was told',
  async () => {
    const client = [{ file: 'electron/outbox/head-file.ts', text: '      fdatasyncSync(descriptor);\n', by: '' }];
    const figures = await run({ ...cuts, breaks: { client } });
    expect(figures.headsBehind).toBeGreaterThan(0);
  },
  120_000,
);

test.skipIf(layer === null)(
  'on a disk that lies about syncing: lost',
  async () => {
    const figures = await run({ ...cuts, breaks: { lie: true } });
    expect(figures.lost + figures.statedLost).toBeGreaterThan(0);
    expect(figures.headsBehind).toBeGreaterThan(0);
  },
  120_000,
);

test('with a record that overtakes what waits in its lane: out of order', async () => {
  const client = [{ file: 'electron/outbox/deliveries.ts', text: ' && isFirst(room, row, id)', by: '' }];
  const figures = await run({ kills: 30, withoutLine: 0.5, keepsAtMost: 20, breaks: { client } });
  expect(figures.reordered).toBeGreaterThan(0);
}, 120_000);

test('with photos that are believed to be there after their first piece: lost', async () => {
  const client = [{ file: 'electron/sync/attachments.ts', text: 'if (offset < current.stored.length) {', by: 'if (offset === 0) {' }];
  const figures = await run({ kills: 40, keepsAtMost: 20, breaks: { client } });
  expect(figures.lost).toBeGreaterThan(0);
}, 120_000);
