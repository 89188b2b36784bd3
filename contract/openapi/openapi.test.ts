import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { buildOpenApi } from './build.ts';

const document = buildOpenApi();
const written: unknown = JSON.parse(readFileSync(new URL('../middleware.openapi.json', import.meta.url), 'utf8'));

test('the published file is up to date: run `npm run openapi`', () => {
  expect(written).toEqual(JSON.parse(JSON.stringify(document)));
});

test('every reference inside the document leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
  expect(references.length).toBeGreaterThan(10);
  for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
});

test('every schema is one in draft 2020-12', () => {
  const ajv = new Ajv2020({ strict: false });
  for (const [name, schema] of Object.entries(document.components.schemas))
    expect([name, ajv.validateSchema(schema as object)]).toEqual([name, true]);
});

test('every operation says what happens when it is refused', () => {
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations)) {
      const refusals = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      expect(refusals.length).toBeGreaterThan(0);
      for (const [, response] of refusals) expect(Object.keys(response.content)[0]).toMatch(/^(application\/problem\+json|text\/html)$/);
    }
});
