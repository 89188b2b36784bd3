import { createHash } from 'node:crypto';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { expect, test } from 'vitest';
import { sampleRequest } from '../testing/sample-request.ts';
import type { RequestDocument } from './request-document.ts';
import { makeRequestPdf } from './request-pdf.ts';

async function openPdf(request: RequestDocument) {
  return await getDocument({ data: await makeRequestPdf(request), verbosity: 0 }).promise;
}

async function readPages(request: RequestDocument): Promise<string[]> {
  const pdf = await openPdf(request);
  const pages = await Promise.all(Array.from({ length: pdf.numPages }, (_, index) => pdf.getPage(index + 1)));
  return await Promise.all(pages.map(async (page) => textOf((await page.getTextContent()).items)));
}

function textOf(items: readonly object[]): string {
  return items.map((item) => ('str' in item ? `${item.str}${'hasEOL' in item && item.hasEOL ? '\n' : ''}` : '')).join('');
}

const withLine = (value: string, label = 'Opmerking'): RequestDocument => ({ ...sampleRequest, lines: [{ label, value }] });

test('everything that was said stands in it, in its order, and nothing else', async () => {
  const [text] = await readPages(sampleRequest);
  expect(text?.replaceAll(/\n+/g, '\n')).toBe(
    [
      'Aangifte van adreswijziging',
      'Naam',
      'Liselore Aimée Vandenhoutte-Proef',
      'Nieuw adres',
      'Proefstraat 12 bus 3, 8500 Kortrijk',
      'Vanaf',
      '1 juli 2026',
      'Opmerking',
      '–',
      'Ik verklaar dat deze gegevens juist zijn.',
      'Kortrijk, 15 juni 2026',
      '1 / 1',
    ].join('\n'),
  );
});

test('the same request gives the same bytes, and another date other ones', async () => {
  const hash = async (request: RequestDocument) =>
    createHash('sha256')
      .update(await makeRequestPdf(request))
      .digest('hex');
  expect(await hash(sampleRequest)).toBe(await hash(sampleRequest));
  expect(await hash({ ...sampleRequest, date: new Date('2026-06-15T10:00:01Z') })).not.toBe(await hash(sampleRequest));
});

test('a screen reader gets a title, a language and a structure', async () => {
  const pdf = await openPdf({ ...sampleRequest, language: 'fr' });
  const { info } = (await pdf.getMetadata()) as { info: Record<string, unknown> };
  expect(info).toMatchObject({ Title: sampleRequest.title, Language: 'fr-BE', IsSignaturesPresent: true });
  const tree = JSON.stringify(await (await pdf.getPage(1)).getStructTree());
  const roles = [...tree.matchAll(/"role":"(\w+)"/g)].map(([, role]) => role);
  expect(roles.slice(0, 6)).toEqual(['Document', 'H1', 'L', 'LI', 'Lbl', 'LBody']);
});

test.each([
  ['nl', 'Kortrijk, 15 juni 2026'],
  ['fr', 'Kortrijk, 15 juin 2026'],
  ['de', 'Kortrijk, 15. Juni 2026'],
  ['en', 'Kortrijk, 15 June 2026'],
] as const)('the day is said in %s', async (language, said) => {
  expect((await readPages({ ...sampleRequest, language })).join('')).toContain(said);
});

test('names of all of Europe are printed in their own letters', async () => {
  const names = 'Šárka Łukasiewicz-Þórðardóttir Ørsted-Čapek őŰ ŵŷ ğİı șț ķļņ œŒ ẞß €';
  expect((await readPages(withLine(names))).join('').replaceAll(/\s+/g, ' ')).toContain(names);
});

test('what has no letter, or cannot be seen, is spelled out', async () => {
  const text = (await readPages(withLine('a\u202Eb \u200Bc \u{1F600} Θ e\u0301 \u00AD x\u0000'))).join('');
  expect(text.replaceAll(/\s+/g, ' ')).toContain('a[U+202E]b [U+200B]c [U+1F600] [U+0398] é [U+00AD] x[U+0000]');
});

test('long answers go on over lines and pages, none of it lost', async () => {
  const words = Array.from({ length: 600 }, (_, index) => `woord${index}`).join(' ');
  const pages = await readPages(withLine(`${words}\n${'ononderbroken'.repeat(60)}`));
  expect(pages.length).toBeGreaterThan(1);
  const text = pages.map((page) => page.replace(/\d+ \/ \d+\s*$/, '')).join('\n');
  expect(text.replaceAll(/\s+/g, ' ')).toContain(words);
  expect(text.replaceAll(/\s+/g, '')).toContain('ononderbroken'.repeat(60));
  expect(pages.map((page) => page.trim().split('\n').at(-1))).toEqual(pages.map((_, index) => `${index + 1} / ${pages.length}`));
});

test('a label stays with its answer', async () => {
  const lines = Array.from({ length: 200 }, (_, index) => ({ label: `Vraag ${index}`, value: `Antwoord ${index}` }));
  for (const page of await readPages({ ...sampleRequest, lines })) {
    const asked = page.match(/Vraag \d+/g)?.map((each) => each.slice(6));
    expect(page.match(/Antwoord \d+/g)?.map((each) => each.slice(9))).toEqual(asked);
  }
});

test('four thousand characters in ten answers still fit into a transaction', async () => {
  const lines = Array.from({ length: 10 }, (_, index) => ({ label: `Vraag ${index}`, value: 'Een lang antwoord. '.repeat(210) }));
  expect((await makeRequestPdf({ ...sampleRequest, lines })).length).toBeLessThan(100_000);
});
