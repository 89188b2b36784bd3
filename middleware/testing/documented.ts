import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Response } from 'undici';
import { expect } from 'vitest';
import * as z from 'zod';
import { mediaType } from '../../contract/wire.ts';

const Content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));
const Document = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        requestBody: z.object({ content: Content }).optional(),
        responses: z.record(z.string(), z.object({ headers: z.record(z.string(), z.unknown()).optional(), content: Content })),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

const raw: unknown = JSON.parse(readFileSync(new URL('../../contract/middleware.openapi.json', import.meta.url), 'utf8'));
const document = Document.parse(raw);
// The document's own words (openapi, paths …) are no schema words; what stands under components is checked strictly enough.
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addFormat('base64', true);
ajv.addSchema({ $id: 'https://loket.invalid/openapi', components: document.components });

const compiled = new Map<string, ValidateFunction>();

/** @param name of a schema in the published document */
export function schemaNamed(name: string): ValidateFunction {
  return compile({ $ref: `#/components/schemas/${name}` });
}

/** Fails the test when an answer of a documented path is not as documented: status, media type, headers, body. */
export async function expectDocumented(method: string, path: string, response: Response): Promise<void> {
  const operation = findOperation(method, path.split('?')[0] ?? path);
  if (operation === undefined) return;
  const where = `${method} ${path.replace(/[^/]+$/, '…')} ${response.status}`;
  const described = operation.responses[String(response.status)];
  expect(described, `${where} is not documented`).toBeDefined();
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const isBare = described !== undefined && Object.keys(described.content).length === 0;
  const content = described?.content[type];
  if (isBare) expect(type, `${where} is documented without content`).toBe('');
  else expect(content, `${where} is not documented as ${type}`).toBeDefined();
  for (const header of Object.keys(described?.headers ?? {})) expect(response.headers.has(header), `${where} lacks ${header}`).toBe(true);
  if (content === undefined || !type.endsWith('json') || method === 'HEAD') return;
  const validate = compile(content.schema);
  const text = await response.clone().text();
  for (const each of type === mediaType.lines ? text.trimEnd().split('\n') : [text]) {
    validate(JSON.parse(each));
    expect(validate.errors ?? [], `${where} is not as documented`).toEqual([]);
  }
}

function findOperation(method: string, path: string) {
  for (const [template, operations] of Object.entries(document.paths)) {
    const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
    if (pattern.test(path)) return operations[method.toLowerCase()];
  }
  return undefined;
}

function compile(schema: Record<string, unknown>): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const absolute: unknown = JSON.parse(key.replaceAll('"#/components/', '"https://loket.invalid/openapi#/components/'));
  const made = ajv.compile(absolute as object);
  compiled.set(key, made);
  return made;
}
