import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runMainJob } from '../harness/main-job.ts';

it('card in, form filled, kept without a line, delivered once; a defect without a card; nothing remains', async () => {
  const out = mkdtempSync(join(tmpdir(), 'loket-main-job-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const report = await runMainJob({ out });
  expect(report).toMatchObject({
    countedFrom: 'insertion',
    identityMs: expect.any(Number),
    photoMs: expect.any(Number),
    identityVerified: true,
    addressVerified: true,
    prefilledFields: 5,
    typedFields: 2,
    remainsAfterVisit: [],
  });
  expect(report.transactions.map(({ product }) => product)).toEqual(['main-residence-certificate', 'street-defect']);
  for (const transaction of report.transactions) {
    expect(transaction).toMatchObject({ receiptVerified: true, middlewareCopies: 1, referenceResolves: true });
  }
  // The pages that are there for a moment alone are among them.
  const pictures = report.screenshots.map((file) => basename(file, '.png').slice('00-'.length));
  expect(pictures).toEqual(expect.arrayContaining(['reading', 'card-out']));
  expect(report.screenshots.filter((file) => !existsSync(file))).toEqual([]);
  expect(report.ok).toBe(true);
});
