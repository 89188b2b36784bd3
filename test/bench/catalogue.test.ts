import { expect, test } from 'vitest';
import { loadCatalogue } from '../../electron/catalogue/load-catalogue.ts';
import { generateCatalogue } from '../catalogue/generate-catalogue.ts';
import { textsOf } from './catalogue.ts';

const generated = generateCatalogue(600, 1);

test('a made-up catalogue is the same for the same seed, fits a bundle, and is read without a complaint', () => {
  expect(generateCatalogue(600, 1)).toEqual(generated);
  expect(generateCatalogue(600, 2)).not.toEqual(generated);
  for (const [name, file] of generated.files) {
    expect(name).toMatch(/^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*\.json$/);
    // The largest file of a bundle.
    expect(Buffer.byteLength(JSON.stringify(file)), name).toBeLessThanOrEqual(1024 * 1024);
  }
  const refused: unknown[] = [];
  const { products } = loadCatalogue(generated.files, '34022', (...line) => refused.push(line));
  expect([products.length, refused]).toEqual([600, []]);
});

test('what is typed is names, every third with a letter left out, and others in the next round', () => {
  const texts = textsOf(generated.words.nl, 0);
  const names = new Set(generated.words.nl.map((name) => name.slice(0, 14)));
  expect(texts.map((text) => names.has(text))).toEqual(texts.map((_, at) => at % 3 !== 1));
  expect(textsOf(generateCatalogue(2_000, 1).words.nl, 1)).not.toEqual(texts);
});
