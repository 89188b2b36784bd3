import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TransactionContent } from '../../contract/transaction.ts';
import { publishBundle } from '../bundles/publish.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { storeEvents } from '../testing/store-events.ts';
import { prepareOpening } from '../worker/open-sealed.ts';
import { startWorker } from '../worker/worker.ts';
import { createAnswersJudge } from './judge-answers.ts';

let bench: TestBench;
let definition: { id: string; version: number };
const light = { category: 'light', place: { description: 'Vlasmarkt 3' } };

beforeAll(async () => {
  bench = await openTestBench();
  definition = JSON.parse(await readFile(join(import.meta.dirname, '../../electron/forms/definitions/street-defect.json'), 'utf8'));
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

async function publish(form: object): Promise<void> {
  const content = Buffer.from(JSON.stringify(form));
  const sha256 = createHash('sha256').update(content).digest('base64url');
  const files = [{ name: 'forms/street-defect.json', sha256, content }];
  await publishBundle({ database: bench.database, keys: bench.keys.keys.bundle, now: () => new Date() }, files);
}

const judge = (answers: TransactionContent['answers'], version = definition.version) =>
  createAnswersJudge()(bench.database, { form: { id: 'street-defect', version }, answers, openedAt: '2026-11-20T10:00:00.000Z' });

test('answers pass that the terminal’s own rule lets through, and no others', async () => {
  await publish(definition);
  expect(await judge(light)).toBe('right');
  for (const wrong of [
    {},
    { category: 'volcano', place: light.place },
    { category: 'light', place: 'Vlasmarkt 3' },
    { ...light, papers: 'to-desk' },
    { ...light, extra: 'x' },
  ]) {
    expect(await judge(wrong), JSON.stringify(wrong)).toBe('wrong');
  }
});

test('what it costs is what the form says, whatever the terminal asked for it', async () => {
  const price = { kind: 'by_answer', field: 'category', cents: { pavement: 0, light: 2_500, litter: 0, green: 0, other: 0 } };
  await publish({ ...definition, version: 9, price });
  const judgeAt = (cents: number | null, answers: TransactionContent['answers'] = light) =>
    createAnswersJudge()(bench.database, {
      form: { id: 'street-defect', version: 9 },
      answers,
      openedAt: '2026-11-20T10:00:00.000Z',
      ...(cents !== null && { payment: { cents, communication: '000000000097' } }),
    });
  expect([await judgeAt(2_500), await judgeAt(1), await judgeAt(null)]).toEqual(['right', 'wrong', 'wrong']);
  const free = { ...light, category: 'pavement' };
  expect([await judgeAt(null, free), await judgeAt(2_500, free)]).toEqual(['right', 'wrong']);
});

test('of a form that no bundle has, or not in this version, nothing is said; one of a bundle before still counts', async () => {
  expect(await judge(light)).toBe('unknown');
  await publish(definition);
  await publish({ ...definition, version: definition.version + 1, title: { nl: 'Anders', fr: 'x', de: 'x', en: 'x' } });
  expect([await judge(light), await judge(light, definition.version + 1), await judge(light, 99)]).toEqual(['right', 'right', 'unknown']);
});

test('a record with answers that do not fit becomes a case that a person looks at, and is not dropped', async () => {
  await publish(definition);
  const form = { id: 'street-defect', version: definition.version };
  const events = [];
  for (const answers of [light, { category: 'volcano', place: light.place }]) {
    events.push(await bench.terminal.seal({ ...bench.terminal.makeContent(), form, answers }));
  }
  await storeEvents(bench, events, { knownKeys: [...new Set(events.map(({ keyid }) => keyid))] });
  const worker = startWorker({
    database: bench.database,
    opening: await prepareOpening([bench.keys.sealKey]),
    roots: [],
    judgeAttachments: async () => 'whole',
    judgeAnswers: createAnswersJudge(),
    revocations: { find: async () => ({ status: 'unchecked', source: null, asOf: null, revokedAt: null }) },
    now: () => new Date(),
    log: { error: () => undefined },
    lookAgainMs: 3_600_000,
  });
  await worker.drain();
  await worker.stop();
  const rows = await bench.database.query('SELECT status, doubts FROM cases ORDER BY status');
  expect(rows).toEqual([
    { status: 'doubted', doubts: ['answers_not_valid'] },
    { status: 'open', doubts: [] },
  ]);
});
